import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** What keeps a process to its memory. */
export interface MemoryLimit {
  /** For people. */
  readonly description: string;
  /** The command that starts `arguments_` of Node.js under the limit. */
  spawn(arguments_: readonly string[], env: Readonly<Record<string, string | undefined>>): ChildProcess;
  /** The most that the processes under it have used, in bytes; `null` where nobody counts. */
  peakBytes(): number | null;
  remove(): void;
}

/**
 * A control group of this size, of version 1 or 2, as containers have one; where this machine lets nobody make one, Node's own
 * limit of the heap that it would choose there, which leaves out threads and buffers.
 */
export function limitMemory(bytes: number): MemoryLimit {
  return controlGroup(bytes) ?? heapLimit(bytes);
}

const groupFolders = [
  {
    folder: '/sys/fs/cgroup/memory',
    limit: 'memory.limit_in_bytes',
    peak: 'memory.max_usage_in_bytes',
    version: 1,
  },
  { folder: '/sys/fs/cgroup', limit: 'memory.max', peak: 'memory.peak', version: 2 },
] as const;

function controlGroup(bytes: number): MemoryLimit | null {
  for (const { folder, limit, peak, version } of groupFolders) {
    const group = join(folder, `agent-connectors-${process.pid}`);
    try {
      mkdirSync(group);
      if (existsSync(join(group, limit))) {
        writeFileSync(join(group, limit), String(bytes));
        return {
          description: `a control group (version ${version}) of ${bytes / 1024 / 1024} MiB`,
          spawn: (arguments_, env) =>
            start(
              '/bin/sh',
              ['-c', `echo $$ > ${group}/cgroup.procs && exec "$0" "$@"`, process.execPath, ...arguments_],
              env,
            ),
          peakBytes: () => numberIn(join(group, peak)),
          remove: () => rmdirSync(group),
        };
      }
      rmdirSync(group);
    } catch {
      // Not allowed here; the next way may be.
    }
  }
  return null;
}

function numberIn(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** V8 gives the heap of a process in a container of 1 GiB a little more than a half of it. */
function heapLimit(bytes: number): MemoryLimit {
  const megabytes = Math.floor((bytes * 0.547) / 1024 / 1024);
  return {
    description: `--max-old-space-size=${megabytes}; no control group could be made`,
    spawn: (arguments_, env) =>
      start(process.execPath, [`--max-old-space-size=${megabytes}`, ...arguments_], env),
    peakBytes: () => null,
    remove: () => undefined,
  };
}

function start(
  command: string,
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ChildProcess {
  return spawn(command, arguments_, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
}
