import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type * as z from 'zod';
import { type CreatedConnector, createdConnector } from '../src/api/contract/index.ts';
import type { Mode } from '../src/core/connectors/connector.ts';
import type { JsonObject } from '../src/core/json/json-value.ts';
import { connectors, type Finished } from './connectors-command.ts';
import { type ProductProcess, startProduct } from './product-process.ts';

const projectDir = join(import.meta.dirname, 'scenarios/project');
const token = 'token-of-the-command-line-tests';

/** A running system and the command line to it. */
export interface CommandTarget {
  readonly product: ProductProcess;
  /** The environment that leads commands to the system. */
  readonly env: Readonly<Record<string, string>>;
  run(...args: string[]): Promise<Finished>;
  /** What a command that has to succeed prints for a person. */
  text(...args: string[]): Promise<string>;
  /** What a command that has to succeed prints under `--json`. */
  json<Schema extends z.ZodType>(schema: Schema, ...args: string[]): Promise<z.output<Schema>>;
  /** Makes a connector without the command line, for tests of what comes after. */
  make(name: string, mode: Mode, agents?: readonly string[], config?: JsonObject): Promise<CreatedConnector>;
}

/** Starts a system with the scenarios' agents before the tests of a file, and ends it after them. */
export function useCommandTarget(): CommandTarget {
  let product: ProductProcess | null = null;
  const running = () => {
    if (product === null) throw new Error('The system is started before the tests, not before.');
    return product;
  };
  const env = () => ({ CONNECTORS_URL: running().url, CONNECTORS_TOKEN: token });
  const run = (...args: string[]) => connectors(args, { env: env() });

  beforeAll(async () => {
    product = await startProduct({ projectDir, token });
  }, 60_000);
  afterAll(() => product?.remove());

  return {
    get product() {
      return running();
    },
    get env() {
      return env();
    },
    run,
    async text(...args) {
      const { exitCode, stdout, stderr } = await run(...args);
      expect({ exitCode, error: stderr.includes('error:') ? stderr : '' }).toEqual({
        exitCode: 0,
        error: '',
      });
      return stdout;
    },
    async json(schema, ...args) {
      const { exitCode, stdout, stderr } = await run(...args, '--json');
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return schema.parse(JSON.parse(stdout));
    },
    async make(name, mode, agents = [], config = {}) {
      const answer = await fetch(`${running().url}/api/v1/connectors`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name, type: 'webhook', mode, agents, config }),
      });
      return createdConnector.parse(await answer.json());
    },
  };
}
