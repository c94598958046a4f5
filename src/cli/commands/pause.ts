import { type Command, InvalidArgumentError } from 'commander';
import type { ChangePauseBody } from '../../api/contract/index.ts';
import type { ApiClient } from '../api-client.ts';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { pauseText, type ShownPause } from '../render/pause-text.ts';

interface Target {
  readonly agent?: string;
  readonly all?: true;
}

/** `connectors pause`: pauses a connector, an agent, or everything. */
export function pauseCommand(program: Command): void {
  withTarget(program.command('pause'))
    .summary('pause a connector, an agent, or everything')
    .description(
      'Pause a connector, an agent, or everything. Events are still accepted and answered; their runs wait until you ' +
        'resume. Runs in progress continue.',
    )
    .addHelpText(
      'after',
      examples(
        ['pause orders-in', 'its events are accepted, and their runs wait'],
        ['pause --agent order-desk', 'the same for all runs of an agent'],
        ['pause --all', 'stop everything'],
      ),
    )
    .action((reference: string | undefined, target: Target, command: Command) =>
      change(command, reference, target, { paused: true }),
    );
}

/** `connectors resume`: lets what waits go on. */
export function resumeCommand(program: Command): void {
  withTarget(program.command('resume'))
    .summary('resume a connector, an agent, or everything')
    .description(
      'Resume a paused connector or agent, or everything. Waiting runs start in order: all at once, or at the rate ' +
        'set by --rate. To change the rate, repeat the command with another --rate.',
    )
    .option('--rate <rate>', 'how many may start per minute, such as 600/min; all: at once', parseRate)
    .addHelpText(
      'after',
      examples(
        ['resume orders-in --rate 600/min', 'ten runs a second'],
        ['resume --agent order-desk', 'all waiting runs, at once'],
        ['resume --all', 'end the pause of everything'],
      ),
    )
    .action(
      (
        reference: string | undefined,
        { rate, ...target }: Target & { readonly rate?: number | 'all' },
        command: Command,
      ) =>
        change(command, reference, target, {
          paused: false,
          ...(rate === undefined ? {} : { drain_per_minute: rate === 'all' ? null : rate }),
        }),
    );
}

function withTarget(command: Command): Command {
  return command
    .helpGroup('Connectors:')
    .argument('[connector]', 'name or id')
    .option('--agent <name>', 'an agent instead of a connector')
    .option('--all', 'the whole deployment');
}

async function change(
  command: Command,
  reference: string | undefined,
  { agent, all }: Target,
  body: ChangePauseBody,
): Promise<void> {
  if ([reference, agent, all].filter((given) => given !== undefined).length !== 1) {
    throw new CliFailure('usage', 'Pass a connector, --agent with a name, or --all.');
  }
  const { api, output } = await openContext(command);
  const [changed, title] = await changeTarget(api, reference, agent, body);
  output.answer(changed, (paint) => pauseText(changed, title, paint));
}

async function changeTarget(
  api: ApiClient,
  reference: string | undefined,
  agent: string | undefined,
  body: ChangePauseBody,
): Promise<[changed: ShownPause, title: string]> {
  if (agent !== undefined) return [await api.changeAgent(agent, body), agent];
  if (reference === undefined) return [await api.changeDeployment(body), 'the whole deployment'];
  const { id, name } = await findConnector(api, reference);
  return [await api.changeConnector(id, body), name];
}

/** Parses `600/min`, `10/s`, `600` (a minute), or `all`, into a number a minute. */
function parseRate(text: string): number | 'all' {
  if (text === 'all') return text;
  const match = /^(\d{1,6})(?:\/(min|s))?$/.exec(text);
  const perMinute = match === null ? 0 : Number(match[1]) * (match[2] === 's' ? 60 : 1);
  if (perMinute >= 1) return perMinute;
  throw new InvalidArgumentError('Expected a rate, such as 600/min, 10/s, or all.');
}
