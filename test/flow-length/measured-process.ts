import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod';
import { endProcess } from '../end-process.ts';

const root = join(import.meta.dirname, '../..');
const counted = z.object({ functions: z.array(z.string()) });
const began = z.object({ began: z.literal(true) });

/** A process of the product that says which of its files a flow has passed. */
export interface MeasuredProcess {
  readonly child: ChildProcess;
  /** What it has written so far, to both streams. */
  output(): string;
  /** The functions of the product that have run, in any thread, while `flow` was going on: `src/folder/file.ts#offset`. */
  functionsOf(flow: () => Promise<void>): Promise<string[]>;
  /** Sends it a message; resolves with the one that answers. */
  ask(message: object): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts `script` (relative to the repository) in a process of its own. */
export function startMeasured(
  script: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): MeasuredProcess {
  const counting = join(import.meta.dirname, 'count-functions.ts');
  const child = spawn(process.execPath, ['--import', counting, join(root, script), ...args], {
    cwd: root,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ask = async (message: object) => {
    const answered = new AbortController();
    const answer = once(child, 'message', answered);
    const ended = once(child, 'exit', answered);
    child.send(message);
    try {
      const [first] = await Promise.race([
        answer,
        ended.then(() => Promise.reject(new Error(`The process has ended:\n${output}`))),
      ]);
      return first;
    } finally {
      answered.abort();
    }
  };
  return {
    child,
    output: () => output,
    ask,
    async functionsOf(flow) {
      began.parse(await ask({ flow: 'begin' }));
      await flow();
      return counted.parse(await ask({ flow: 'end' })).functions;
    },
    stop: () => endProcess(child),
  };
}
