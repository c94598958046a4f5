import { Worker } from 'node:worker_threads';
import * as z from 'zod';
import { messageOf } from '../../core/errors.ts';
import type { ProjectProblem } from '../../core/ports/agent-catalog.ts';
import type { ModelEnvironment } from '../models/model-adapter.ts';

/** Longer than any module needs to load; one that waits at its top level may never finish. */
const patienceMs = 15_000;

const importIt = `
  const { parentPort, workerData } = require('node:worker_threads');
  import(workerData).then(
    () => parentPort.postMessage(null),
    (thrown) => parentPort.postMessage({ message: String(thrown?.message ?? thrown), stack: String(thrown?.stack) }),
  );`;

const failure = z.object({ message: z.string(), stack: z.string() }).nullable();

/**
 * Loads a project's code once in its own thread, as every thread that runs agents will: an error there would fail every
 * agent's first run.
 *
 * @param env the agents' environment
 * @returns the problem, or `null`
 */
export async function tryCode(codeFile: string, env: ModelEnvironment): Promise<ProjectProblem | null> {
  const worker = new Worker(importIt, {
    eval: true,
    workerData: codeFile,
    env: { ...env },
    execArgv: ['--enable-source-maps'],
    stdout: true,
    stderr: true,
  });
  try {
    return await problemOf(worker);
  } finally {
    await worker.terminate();
  }
}

function problemOf(worker: Worker): Promise<ProjectProblem | null> {
  return new Promise((resolve) => {
    const settle = (problem: ProjectProblem | null) => {
      clearTimeout(late);
      resolve(problem);
    };
    const broken = (message: string, stack = '') => settle({ ...placeIn(stack), field: null, message });
    const late = setTimeout(() => broken('Loading the code takes more than 15 seconds.'), patienceMs);
    worker.once('message', (message) => {
      const failed = failure.parse(message);
      if (failed === null) settle(null);
      else broken(`Loading the code failed: ${failed.message}`, failed.stack);
    });
    worker.once('error', (thrown) => broken(`Loading the code failed: ${messageOf(thrown)}`));
    worker.once('exit', () => broken('Loading the code ends the process; a module may not do that.'));
  });
}

/** The first of the project's own files in a stack trace. */
function placeIn(stack: string): Pick<ProjectProblem, 'file' | 'line'> {
  const [, file, line] = /((?:tools|middleware|hooks|guardrails)\/[^\s():]+\.ts):(\d+)/.exec(stack) ?? [];
  return { file: file ?? 'tools', line: line === undefined ? null : Number(line) };
}
