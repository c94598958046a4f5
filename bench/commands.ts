import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Effort } from './effort.ts';
import { type Finding, median, readable } from './report.ts';
import { adminToken, startBenchProduct } from './servers.ts';

const root = join(import.meta.dirname, '..');
const mostSeconds = 0.3;
/** Commands are short, so each start in the effort stands for several runs. */
const runsPerStart = 5;

/** Times whole commands: without a system, and with one that returns a list. */
export async function benchCommands(effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  const env = { ...process.env, CONNECTORS_URL: product.url, CONNECTORS_TOKEN: adminToken };
  const own = join(root, 'bin/connectors');
  const count = effort.starts * runsPerStart;
  const time = (program: string, args: readonly string[]) => () => secondsOf(program, args, env);
  try {
    return [
      finding('bin/connectors --version', measure(count, time(own, ['--version'])), true),
      finding('bin/connectors list', measure(count, time(own, ['list'])), true),
      finding(
        'npx connectors --version',
        measure(effort.starts, time('npx', ['connectors', '--version'])),
        false,
      ),
    ];
  } finally {
    await product.remove();
  }
}

/** The first run fills the compile cache for the others. */
function measure(count: number, run: () => number): number {
  run();
  return median(Array.from({ length: count }, run));
}

function secondsOf(program: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  return (performance.now() - begin) / 1_000;
}

function finding(what: string, seconds: number, hasBudget: boolean): Finding {
  const measured = `${readable(seconds)} s`;
  if (!hasBudget) return { what, measured };
  return { what, measured, budget: { text: `at most ${mostSeconds} s`, kept: seconds <= mostSeconds } };
}
