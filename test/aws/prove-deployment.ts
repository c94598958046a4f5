import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freshPage } from '../dashboard/fresh-page.ts';
import { pythonTool } from '../python-tool.ts';
import { type Deployment, deploy } from './deployment.ts';
import { emulatorExceptions } from './exceptions.ts';
import { functionSurroundings } from './function-surroundings.ts';
import { jestRun } from './jest-run.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { playDashboard } from './play-dashboard.ts';
import { writeRecording } from './recording.ts';
import { serveWatch } from './watch.ts';
import { startWatchedAccount, type WatchedAccount } from './watched-account.ts';

/**
 * A program: from an empty emulated account to a deployed system, its dashboard, all scenarios, upgrades, faults, and back to
 * an empty account, with a look at what was recorded. With `--reports <folder>` Jest's reports go there as JSON. What else
 * is given chooses test files by a part of their paths.
 */
const { values, positionals: chosen } = parseArgs({
  options: { reports: { type: 'string' } },
  allowPositionals: true,
});

const deployed = 'test/aws/deployed/jest.config.js';

/** What is run, by the name of its report: Jest's configuration, and where its tests are. */
const suites = {
  dashboard: { config: 'test/dashboard/deployed/jest.config.js', root: 'test/dashboard' },
  scenarios: { config: deployed, root: 'test/scenarios' },
  deployed: { config: deployed, root: 'test/aws/deployed' },
  afterwards: { config: deployed, root: 'test/aws/afterwards' },
} as const;

const chosenFiles = chosen.length === 0 ? [] : ['--testPathPatterns', ...chosen];

async function main(): Promise<boolean> {
  const watched = await startWatchedAccount();
  const account = await startMinistack(pythonTool('ministack'), {
    ...functionSurroundings(),
    // What it tells functions: they are watched.
    AWS_ENDPOINT_URL: watched.endpoint,
  });
  watched.target = account.endpoint;
  const folder = await mkdtemp(join(tmpdir(), 'proofs-'));
  try {
    return await prove(account, watched, join(folder, 'recording.json'));
  } finally {
    await watched.stop();
    await account.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function prove(account: Ministack, watched: WatchedAccount, recording: string): Promise<boolean> {
  await freshPage();
  say('Deploying the example project, for the dashboard');
  const deployment = await deploy(account, watched.endpoint, { project: 'project' });
  const shown = await playDashboard(account, deployment, (environment) =>
    jest('dashboard', chosenFiles, environment),
  );
  say('Deploying the project of the scenarios');
  await deployment.upgrade({ project: 'test/scenarios/project' });
  const played = await playScenarios(deployment);
  say('Deploying once more, with a cache of connectors as it is by default');
  await deployment.upgrade({ project: 'test/scenarios/project', connectorCacheSeconds: '5' });
  const stood = await standFaults(account, deployment, watched);
  await writeRecording(recording, { ...(await deployment.describe()), calls: watched.calls });
  say('Destroying');
  await deployment.destroy();
  // What roles allow and nobody uses shows only when everything has been played.
  const looked = chosen.length > 0 || (await lookBack(account, watched, recording));
  return shown && played && stood && looked;
}

function lookBack({ environment }: Ministack, { endpoint }: WatchedAccount, recording: string) {
  const found = { ...environment, AWS_ENDPOINT_URL: endpoint, RECORDING: recording };
  return jest('afterwards', [], found);
}

function playScenarios({ url, token }: Deployment): Promise<boolean> {
  for (const { name, reason } of emulatorExceptions) say(`Exception ${name}: ${reason}`);
  const skipped = emulatorExceptions.flatMap(({ scenarios }) => scenarios.map(escaped));
  const args = ['--testNamePattern', `^(?!(${skipped.join('|')})$)`];
  return jest('scenarios', [...args, ...chosenFiles], { SCENARIO_URL: url, SCENARIO_TOKEN: token });
}

async function standFaults(
  account: Ministack,
  { url, token }: Deployment,
  watched: WatchedAccount,
): Promise<boolean> {
  const watch = await serveWatch(watched);
  const known = { SCENARIO_URL: url, SCENARIO_TOKEN: token, WATCH_URL: watch.url };
  const environment = { ...account.environment, AWS_ENDPOINT_URL: watched.endpoint, ...known };
  const passed = await jest('deployed', chosenFiles, environment);
  await watch.stop();
  return passed;
}

/** Runs a suite; whether all of its tests passed. */
function jest(
  suite: keyof typeof suites,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
) {
  const { reports } = values;
  const { config, root } = suites[suite];
  const report = reports === undefined ? [] : ['--json', '--outputFile', join(reports, `aws-${suite}.json`)];
  const settings = ['--config', config, '--passWithNoTests', '--runInBand', '--roots', root];
  return jestRun([...settings, ...report, ...args], environment);
}

/** Stands for itself in a regular expression. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

// What was started ends with this program, whatever ends it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = (await main()) ? 0 : 1;
