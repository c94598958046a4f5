import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Kills every process in which an emulated account executes a function, in the middle of whatever it does; resolves when
 * they are gone. The account starts another one for the next call, as Lambda does.
 *
 * @param account id of the emulator's process
 */
export async function killFunctions(account: number): Promise<void> {
  const killed = await functionProcesses(account);
  for (const pid of killed) kill(pid);
  while ((await functionProcesses(account)).some((pid) => killed.includes(pid))) await sleep(20);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** Those that still run: one that has ended is kept by the system until the emulator asks for its exit code. */
async function functionProcesses(account: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,state=,command=']);
  const processes = stdout.split('\n').map((line) => line.trim().split(/\s+/));
  return processes
    .filter(([, ppid, state]) => Number(ppid) === account && state?.startsWith('Z') === false)
    .filter(([, , , command = '']) => /(^|\/)node$/.test(command))
    .map(([pid]) => Number(pid));
}
