import { chmod, mkdir, mkdtemp, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** With this memory a function has one whole processor (Lambda developer guide, "Configure Lambda function memory"). */
const wholeProcessorMb = 1_769;
const controllers = '/sys/fs/cgroup/cpu';
/** Short, as Lambda's: a longer one would let a call of a few ms have the whole processor. */
const periodUs = 20_000;

/** What starts Node.js with the share of a processor that Lambda gives to a memory. */
export interface ProcessorShare {
  /** In place of the path of Node.js. */
  readonly node: string;
  remove(): Promise<void>;
}

/** @returns `null` on a machine where control groups of version 1 cannot be made: not Linux, or not as root */
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
