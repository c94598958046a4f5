import { readFile } from 'node:fs/promises';

/** Resources that a process has used. */
export interface ProcessUsage {
  /** User and system time since its start, all threads. */
  readonly cpuMs: number;
  readonly residentBytes: number;
}

/** Linux counts process time in ticks of 10 ms, whatever the kernel's clock rate. */
const msPerTick = 10;

/** Reads `/proc` (proc(5)); `null` on systems without it. */
export async function usageOf(pid: number): Promise<ProcessUsage | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    // The name in parentheses may contain spaces, so fields are counted after it, from the third.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [userTicks = 0, systemTicks = 0] = fields.slice(11, 13).map(Number);
    const residentKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]);
    return { cpuMs: (userTicks + systemTicks) * msPerTick, residentBytes: residentKb * 1_024 };
  } catch {
    return null;
  }
}
