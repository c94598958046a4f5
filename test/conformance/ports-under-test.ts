import { afterEach, beforeEach } from '@jest/globals';
import type { StorePorts } from '../../src/core/ports/engine.ts';

export interface OpenedPorts {
  readonly ports: StorePorts;
  /** Gives up everything that was made for the test. */
  close(): Promise<void>;
}

/** Opens an engine's ports on an empty store that takes at most `maxQueuedRuns` queued runs. */
export type OpenPorts = (options: { readonly maxQueuedRuns: number }) => Promise<OpenedPorts>;

/** Gives every test of the surrounding `describe` ports on an empty store. */
export function freshPorts(open: OpenPorts, maxQueuedRuns = 1_000): () => StorePorts {
  let opened: OpenedPorts;
  beforeEach(async () => {
    opened = await open({ maxQueuedRuns });
  });
  afterEach(() => opened.close());
  return () => opened.ports;
}
