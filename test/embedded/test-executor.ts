import { rm } from 'node:fs/promises';
import { afterEach, beforeEach } from '@jest/globals';
import { type JsonValue, Payload } from '../../src/core/json/json-value.ts';
import type { AgentOutcome, AgentRequest } from '../../src/core/ports/agent-executor.ts';
import type { Isolation } from '../../src/core/runs/run.ts';
import { ThreadedExecutor } from '../../src/engines/embedded/runs/agent-executor.ts';
import { nothingOutside } from '../agents/nothing-outside.ts';
import { projectOf } from './test-project.ts';
import { silentLog, temporaryFolder } from './test-stores.ts';

export const never = new AbortController().signal;

export function requestOf(
  agentName: string,
  payload: JsonValue = {},
  isolation: Isolation = 'shared',
): AgentRequest {
  return {
    runId: 'a-run',
    agentName,
    connectorId: null,
    payload: Payload.of(payload),
    modelInput: null,
    context: {},
    attempt: 1,
    isolation,
    streaming: false,
    awaited: false,
  };
}

/** The grace is a tenth of the default: each test of an agent that does not end waits for it. */
export const executorLimits = { maxMegabytes: 1_024, graceMs: 500 };

type OwnProject = Parameters<typeof projectOf> extends [string, ...infer Rest] ? Rest : never;

export interface TestExecutor {
  /** Of the test that runs. */
  readonly folder: string;
  executor: ThreadedExecutor;
  /** Loads a project as `projectOf` writes it. */
  use(...project: OwnProject): Promise<void>;
  execute(agentName: string, signal?: AbortSignal, isolation?: Isolation): Promise<AgentOutcome>;
}

/** Gives each test an executor with one thread, on a folder of its own. */
export function useExecutor(): TestExecutor {
  let folder = '';
  const host: TestExecutor = {
    get folder() {
      return folder;
    },
    executor: new ThreadedExecutor({}, 1, silentLog, executorLimits),
    async use(...given) {
      const { project, codeFile } = await projectOf(folder, ...given);
      host.executor.use(project, codeFile);
    },
    execute: (agentName, signal = never, isolation = 'shared') =>
      host.executor.execute(requestOf(agentName, {}, isolation), {
        signal,
        loadSession: async () => [],
        ...nothingOutside,
      }),
  };
  beforeEach(async () => {
    folder = await temporaryFolder();
    const env = { PATH: process.env['PATH'], GREETING: 'Hello' };
    host.executor = new ThreadedExecutor(env, 1, silentLog, executorLimits);
  });
  afterEach(async () => {
    await host.executor.stop();
    await rm(folder, { recursive: true });
  });
  return host;
}

/**
 * Tries what needs runs in one thread until they were: on a busy machine the thread may stall for a moment, and what it
 * has not begun then moves to another one.
 */
export async function together<T>(attempt: () => Promise<T>, were: (result: T) => boolean): Promise<T> {
  let result = await attempt();
  for (let attempts = 0; attempts < 4 && !were(result); attempts++) result = await attempt();
  return result;
}
