import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import type { ProjectLoad } from '../../agents/project/load-project.ts';
import { readPrices } from '../../agents/run/prices.ts';
import { needsAttention } from '../../core/attention/needs-attention.ts';
import { messageOf } from '../../core/errors.ts';
import { defaultSettings } from '../../engines/embedded/settings.ts';
import { writeDurably } from '../../files/write-durably.ts';
import { createLog } from '../../server/log.ts';
import { CliFailure } from '../cli-failure.ts';
import { colours } from '../colours.ts';
import { addressFile } from '../data-folder-files.ts';
import { type Output, processOutput } from '../output.ts';
import { problemLines } from '../render/problem-lines.ts';
import { agentToTry, firstCommand, laterCommands } from './first-command.ts';
import { type FirstScreen, firstScreen, type ShownToken } from './first-screen.ts';
import { printUnexpectedWarnings } from './node-warnings.ts';
import { type RunningSystem, startSystem } from './running-system.ts';
import { type StartSettings, validSettings } from './start-settings.ts';
import { stopSignal } from './stop-signal.ts';

export interface StartMode {
  /** Reload the project when its files change. */
  readonly dev: boolean;
  /** Apply the files in `connectors/` first. */
  readonly applies: boolean;
  /** Print one line of JSON when ready, instead of the screen. */
  readonly json: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Runs the system in this process until a signal stops it.
 *
 * @throws CliFailure or PermanentError with a sentence on why the start failed
 */
export async function start(env: Environment, mode: StartMode): Promise<void> {
  printUnexpectedWarnings();
  const settings = validSettings(env);
  await checkPrices(env['PRICES_FILE']);
  const output = processOutput(mode.json);
  const stopping = stopSignal(() =>
    output.note(
      `\nStopping: waiting up to ${drainSecondsOf(settings)} s for requests and runs. Press Ctrl+C again to quit now.`,
    ),
  );
  const log = createLog({
    level: settings.logLevel,
    pretty: process.stdout.isTTY && !mode.json,
    ...(mode.json ? { write: (text: string) => void process.stderr.write(text) } : {}),
  });
  const onReload = mode.dev ? reportReload(output) : null;
  const system = await startSystem({
    settings,
    env,
    log,
    onReload,
    applies: mode.applies,
    onApplied: (told) => output.note(told),
  });
  const screen = await describe(system, settings, mode);
  const forgetAddress = await noteAddress(settings.dataDir, screen.url);
  output.line(readyLine(screen, system), () => firstScreen(screen, colours(process.stdout)));
  await stopping;
  await system.stop();
  await forgetAddress();
  output.note('Stopped.');
}

/** Refuses an unusable price file: without it, costs would silently follow the public price list. */
async function checkPrices(file: string | undefined): Promise<void> {
  if (file === undefined || file === '') return;
  await readPrices(file).catch((thrown: unknown) => {
    throw new CliFailure('failed', `Cannot use the price file of PRICES_FILE: ${messageOf(thrown)}`);
  });
}

function drainSecondsOf({ engine }: StartSettings): number {
  return engine.drainSeconds ?? defaultSettings().drainSeconds;
}

async function describe(
  system: RunningSystem,
  settings: StartSettings,
  mode: StartMode,
): Promise<FirstScreen> {
  const { engine, project, adminToken } = system;
  const agent = agentToTry(engine.agents.list());
  const url = localUrl(system.address);
  return {
    version: manifest.version,
    url,
    isLocal: isOnlyLocal(settings.host),
    dataDir: resolve(settings.dataDir),
    projectDir: resolve(settings.projectDir),
    memory: system.memory,
    agents: project.agents.map(({ name }) => name),
    warnings: system.warnings.map(
      ({ file, line, message }) => `${file}${line === null ? '' : `:${line}`}: ${message}`,
    ),
    attention: await needsAttention(engine),
    now: engine.clock(),
    token: shownToken(adminToken),
    signInUrl: mayShowLink(adminToken) ? `${settings.baseUrl ?? url}${system.signInLink.path}` : null,
    firstCommand: adminToken.isUnused
      ? await firstCommand(engine, agent, settings.baseUrl ?? url)
      : laterCommands(agent),
    watching: mode.dev,
  };
}

/** Shows the link on a terminal, or if the token itself is shown: any other output may be a log. */
function mayShowLink({ file, isUnused }: RunningSystem['adminToken']): boolean {
  return file !== null && (isUnused || process.stdout.isTTY === true);
}

function shownToken({ token, file, isUnused }: RunningSystem['adminToken']): ShownToken {
  if (file === null) return { outcome: 'given' };
  return isUnused ? { outcome: 'unused', token, file } : { outcome: 'kept', file };
}

function readyLine({ url, dataDir, agents }: FirstScreen, { adminToken }: RunningSystem) {
  return { status: 'ready', url, data_dir: dataDir, token_file: adminToken.file, agents };
}

const anyAddress = new Set(['0.0.0.0', '[::]']);
const loopback = new Set(['127.0.0.1', '::1', 'localhost']);

/** The address for a browser on this machine: a server that listens on all addresses is reached on loopback. */
function localUrl(address: string): string {
  const url = new URL(address);
  if (anyAddress.has(url.hostname)) url.hostname = '127.0.0.1';
  return url.origin;
}

/** Whether other machines cannot reach a server on this host. */
function isOnlyLocal(host: string): boolean {
  return loopback.has(host);
}

/**
 * Writes the system's address to the data folder, for commands without `--url`.
 *
 * @returns removes the address when the system has stopped
 */
async function noteAddress(dataDir: string, url: string): Promise<() => Promise<void>> {
  const file = join(dataDir, addressFile);
  await writeDurably(file, `${url}\n`);
  return () => rm(file, { force: true });
}

/** Reports each reload of the project, with the file and line of every problem. */
function reportReload(output: Output): (load: ProjectLoad) => void {
  const paint = colours(process.stderr);
  return (load) => {
    if (load.outcome === 'loaded') {
      const names = load.project.agents.map(({ name }) => name).join(', ');
      output.note(`Project reloaded: ${names}`);
    } else {
      const count = load.problems.length;
      const title = `The project has ${count} ${count === 1 ? 'error' : 'errors'}. The previous agents stay active:`;
      output.note(`${title}\n${problemLines(load.problems, paint)}`);
    }
  };
}
