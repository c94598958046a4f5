import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freshPage } from '../dashboard/fresh-page.ts';
import { runTests } from '../jest-run.ts';
import { pythonTool } from '../python-tool.ts';
import { type Deployment, deploy } from './deployment.ts';
import { emulatorExceptions } from './exceptions.ts';
import { functionSurroundings } from './function-surroundings.ts';
import { leftOut } from './left-out.ts';
import { type Ministack, startMinistack } from './ministack.ts';
import { playDashboard } from './play-dashboard.ts';
import { unplayed } from './played-scenarios.ts';
import { writeRecording } from './recording.ts';
import { type ScenarioSurroundings, scenarioSurroundings } from './scenario-surroundings.ts';
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
    return await prove(account, watched, folder);
  } finally {
    await watched.stop();
    await account.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param folder for what has to be kept until the end */
async function prove(account: Ministack, watched: WatchedAccount, folder: string): Promise<boolean> {
  await freshPage();
  const around = await scenarioSurroundings(account);
  const { providerKeysSecretArn } = around;
  say('Deploying the example project, for the dashboard');
  const deployment = await deploy(account, watched.endpoint, { project: 'project', providerKeysSecretArn });
  const shown = await playDashboard(account, deployment, (environment) => jest('dashboard', environment));
  say('Deploying the project of the scenarios');
  await deployment.upgrade({ project: 'test/scenarios/project' });
  const played = await playScenarios(
    deployment,
    around,
    join(values.reports ?? folder, 'aws-scenarios.json'),
  );
  say('Deploying once more, with a cache of connectors as it is by default');
  await deployment.upgrade({ project: 'test/scenarios/project', connectorCacheSeconds: '5' });
  const stood = await standFaults(account, deployment, watched, around);
  const recording = join(folder, 'recording.json');
  await writeRecording(recording, { ...(await deployment.describe()), calls: watched.calls });
  say('Destroying');
  await deployment.destroy();
  await around.remove();
  // What roles allow and nobody uses shows only when everything has been played.
  const looked = chosen.length > 0 || (await lookBack(account, watched, recording));
  return shown && played && stood && looked;
}

function lookBack({ environment }: Ministack, { endpoint }: WatchedAccount, recording: string) {
  const found = { ...environment, AWS_ENDPOINT_URL: endpoint, RECORDING: recording };
  return jest('afterwards', found);
}

async function playScenarios(
  { url, token }: Deployment,
  around: ScenarioSurroundings,
  report: string,
): Promise<boolean> {
  for (const { name, reason } of emulatorExceptions) say(`Exception ${name}: ${reason}`);
  for (const { reason, scenarios } of leftOut) say(`Left out, ${scenarios.length}: ${reason}`);
  const skipped = [...emulatorExceptions, ...leftOut].flatMap(({ scenarios }) => scenarios);
  const pattern = ['--testNamePattern', `^(?!(${skipped.map(escaped).join('|')})$)`];
  const known = { SCENARIO_URL: url, SCENARIO_TOKEN: token, ...around.environment };
  const passed = await jest('scenarios', known, pattern, report);
  const wrong = chosen.length > 0 ? [] : unplayed(report, skipped);
  for (const sentence of wrong) say(sentence);
  return passed && wrong.length === 0;
}

async function standFaults(
  account: Ministack,
  { url, token }: Deployment,
  watched: WatchedAccount,
  around: ScenarioSurroundings,
): Promise<boolean> {
  const watch = await serveWatch(watched);
  const known = { SCENARIO_URL: url, SCENARIO_TOKEN: token, WATCH_URL: watch.url, ...around.environment };
  const environment = { ...account.environment, AWS_ENDPOINT_URL: watched.endpoint, ...known };
  const passed = await jest('deployed', environment);
  await watch.stop();
  return passed;
}

/**
 * Runs a suite; whether all of its tests passed.
 *
 * @param report where its report goes, where one is wanted
 */
function jest(
  suite: keyof typeof suites,
  environment: Readonly<Record<string, string>>,
  more: readonly string[] = [],
  report = values.reports && join(values.reports, `aws-${suite}.json`),
) {
  const { config, root } = suites[suite];
  const args = ['--config', config, '--passWithNoTests', '--runInBand', '--roots', root, ...more];
  return runTests({ args, environment, chosen, report });
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
