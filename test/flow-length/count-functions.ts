import { Session } from 'node:inspector';
import { syncBuiltinESMExports } from 'node:module';
import { relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import threads, { BroadcastChannel, isMainThread, threadId, type WorkerOptions } from 'node:worker_threads';
import * as z from 'zod';

// Loaded with `--import` into a process that is measured: tells its parent which functions of the product have run from
// one `begin` to the next `end`, in any thread. What a module does when it is loaded does not count.

const root = fileURLToPath(new URL('../..', import.meta.url));

const asked = z.object({ flow: z.enum(['begin', 'end']) });
const told = z.object({ from: z.number(), functions: z.array(z.string()).nullable() });
const coverage = z.object({
  result: z.array(
    z.object({
      url: z.string(),
      functions: z.array(
        z.object({
          functionName: z.string(),
          ranges: z.array(z.object({ startOffset: z.number(), count: z.number() })),
        }),
      ),
    }),
  ),
});
type CountedFunction = z.infer<typeof coverage>['result'][number]['functions'][number];

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });

/** The functions of the product that have run in this thread since this was asked last: `src/folder/file.ts#offset`. */
function takeFunctions(): string[] {
  let functions: string[] = [];
  // A session of a thread with itself answers before `post` returns.
  session.post('Profiler.takePreciseCoverage', (_failed, taken) => {
    functions = coverage.parse(taken).result.flatMap(({ url, functions }) => {
      const file = url.startsWith('file:') ? relative(root, fileURLToPath(url)).replaceAll(sep, '/') : '';
      if (!/^(src|lambdas)\//.test(file)) return [];
      return functions.filter(hasRun).map(({ ranges }) => `${file}#${ranges[0]?.startOffset}`);
    });
  });
  return functions;
}

function hasRun({ functionName, ranges }: CountedFunction): boolean {
  if (functionName === '<static_initializer>') return false;
  return ranges.some(({ startOffset, count }) => startOffset > 0 && count > 0);
}

/** Threads tell of themselves here, and are asked by an empty message. */
const channel = new BroadcastChannel('flow-length');
channel.unref();

function countInThread(): void {
  channel.onmessage = (message: unknown) => {
    if (isQuestion(message)) channel.postMessage({ from: threadId, functions: takeFunctions() });
  };
  channel.postMessage({ from: threadId, functions: null });
}

function isQuestion(message: unknown): boolean {
  return z.object({ data: z.null() }).safeParse(message).success;
}

function countInProcess(): void {
  const known = new Set<number>();
  let here: readonly string[] = [];
  let counted = new Map<number, readonly string[]>();
  let flow: 'begin' | 'end' = 'begin';
  const tell = () => {
    const functions = [...new Set([...here, ...[...counted.values()].flat()])].sort();
    process.send?.(flow === 'begin' ? { began: true } : { functions });
  };
  channel.onmessage = (message: unknown) => {
    const { data } = z.object({ data: told }).parse(message);
    if (data.functions === null) known.add(data.from);
    else if (counted.set(data.from, data.functions).size === known.size) tell();
  };
  process.on('message', (message: unknown) => {
    const question = asked.safeParse(message);
    if (!question.success) return;
    flow = question.data.flow;
    here = takeFunctions();
    counted = new Map();
    if (known.size === 0) tell();
    else channel.postMessage(null);
  });
  // Threads that are started with no options of the command line count too.
  threads.Worker = class extends threads.Worker {
    constructor(file: string | URL, options: WorkerOptions = {}) {
      super(file, { ...options, execArgv: ['--import', import.meta.filename] });
    }
  };
  syncBuiltinESMExports();
}

if (isMainThread) countInProcess();
else countInThread();
