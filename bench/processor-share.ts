import { chmod, mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** With this memory, a function has one full processor (Lambda developer guide, "Configure Lambda function memory"). */
const wholeProcessorMb = 1_769;
const controllers = '/sys/fs/cgroup/cpu';
/** Short, as Lambda's: a longer period would give a call of a few ms the whole processor. */
const periodUs = 20_000;

/** Starts Node.js with the CPU share that Lambda gives to a memory size. */
export interface ProcessorShare {
  /** Replaces the path of Node.js. */
  readonly node: string;
  remove(): Promise<void>;
}

/** @returns `null` if version 1 control groups cannot be created: not on Linux, or not as root */
export async function processorShare(memoryMb: number): Promise<ProcessorShare | null> {
  const group = join(controllers, `agent-connectors-${process.pid}-${memoryMb}`);
  try {
    await mkdir(group);
    await writeFile(join(group, 'cpu.cfs_period_us'), String(periodUs));
    await writeFile(join(group, 'cpu.cfs_quota_us'), String(quotaUs(memoryMb)));
  } catch {
    return null;
  }
  const folder = await mkdtemp(join(tmpdir(), 'share-'));
  const node = join(folder, 'node');
  await writeFile(node, `#!/bin/sh\necho $$ > ${group}/cgroup.procs\nexec "${process.execPath}" "$@"\n`);
  await chmod(node, 0o755);
  return {
    node,
    async remove() {
      await rm(folder, { recursive: true });
      await rmdir(group);
    },
  };
}

function quotaUs(memoryMb: number): number {
  return Math.round((periodUs * memoryMb) / wholeProcessorMb);
}
