import { resolve } from 'node:path';
import manifest from '../../../package.json' with { type: 'json' };
import { readPrices } from '../../agents/run/prices.ts';
import { needsAttention } from '../../core/attention/needs-attention.ts';
import { messageOf } from '../../core/errors.ts';
import { defaultSettings } from '../../engines/embedded/settings.ts';
import { createLog } from '../../server/log.ts';
import { CliFailure } from '../cli-failure.ts';
import { colours } from '../colours.ts';
import { processOutput } from '../output.ts';
import { agentToTry, firstCommand, laterCommands } from './first-command.ts';
import { type FirstScreen, firstScreen, type ShownToken } from './first-screen.ts';
import { isOnlyLocal, localUrl } from './local-url.ts';
import { printUnexpectedWarnings } from './node-warnings.ts';
import { noteAddress } from './note-address.ts';
import { reportReload } from './report-reload.ts';
import { type RunningSystem, startSystem } from './running-system.ts';
import { readStartSettings, type StartSettings } from './start-settings.ts';
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

function validSettings(env: Environment): StartSettings {
  const read = readStartSettings(env);
  if (read.outcome === 'valid') return read.settings;
  throw new CliFailure('failed', ['Invalid settings:', ...read.sentences].join('\n  '));
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
