import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effort } from './effort.ts';
import { type Finding, median, readable } from './report.ts';
import { adminToken, startBenchProduct } from './servers.ts';

const root = join(import.meta.dirname, '..');
const mostSeconds = 0.3;
const plannedConnectors = 200;
const mostPlanSeconds = 2;
/** Commands are short, so each start in the effort stands for several runs. */
const runsPerStart = 5;

/** Times whole commands: without a system, with one that returns a list, and with one that plans connectors as code. */
export async function benchCommands(effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  const folder = mkdtempSync(join(tmpdir(), 'bench-connectors-'));
  const env = {
    ...process.env,
    CONNECTORS_URL: product.url,
    CONNECTORS_TOKEN: adminToken,
    PROJECT_DIR: folder,
  };
  const own = join(root, 'bin/connectors');
  const count = effort.starts * runsPerStart;
  const time = (program: string, args: readonly string[]) => () => secondsOf(program, args, env);
  writeConnectors(folder);
  try {
    const plan = () => secondsOf(own, ['plan'], env, exitWithChanges);
    const planned = [
      finding(
        `connectors plan, ${plannedConnectors} to create`,
        measure(effort.starts, plan),
        mostPlanSeconds,
      ),
    ];
    secondsOf(own, ['apply', '--yes'], env);
    const unchanged = measure(effort.starts, time(own, ['plan']));
    planned.push(finding(`connectors plan, ${plannedConnectors} unchanged`, unchanged, mostPlanSeconds));
    return [
      ...planned,
      finding('bin/connectors --version', measure(count, time(own, ['--version'])), mostSeconds),
      finding('bin/connectors list', measure(count, time(own, ['list'])), mostSeconds),
      finding('npx connectors --version', measure(effort.starts, time('npx', ['connectors', '--version']))),
    ];
  } finally {
    rmSync(folder, { recursive: true });
    await product.remove();
  }
}

/** Of `connectors plan`, if something would change. */
const exitWithChanges = 2;

/** Half of them receive events, and half deliver results. */
function writeConnectors(folder: string): void {
  mkdirSync(join(folder, 'connectors'));
  for (let n = 0; n < plannedConnectors; n++) {
    const mode =
      n % 2 === 0
        ? 'mode: inbound\nfilter: input.order.total > 100\n'
        : `mode: outbound\nconfig: {url: "https://hooks.example/${n}", headers: {X-Team: orders}}\n`;
    writeFileSync(join(folder, 'connectors', `c${n}.yaml`), `type: webhook\n${mode}agents: [noop]\n`);
  }
}

/** The first run fills the compile cache for the others. */
function measure(count: number, run: () => number): number {
  run();
  return median(Array.from({ length: count }, run));
}

function secondsOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  expected: number = 0,
): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(program, args, { cwd: root, env, encoding: 'utf8' });
  if (status !== expected) throw new Error(`${program} ${args.join(' ')} failed: ${stderr}`);
  return (performance.now() - begin) / 1_000;
}

function finding(what: string, seconds: number, most?: number): Finding {
  const measured = `${readable(seconds)} s`;
  if (most === undefined) return { what, measured };
  return { what, measured, budget: { text: `at most ${most} s`, kept: seconds <= most } };
}
