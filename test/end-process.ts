import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Ends a process; resolves once it is gone, also if it never started or has already ended. */
export async function endProcess(
  child: ChildProcess | null,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}
