import { type Command, Option } from 'commander';
import type { JsonValue } from '../../core/json/json-value.ts';
import { collect, parsePayload } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { headersFrom } from '../header-options.ts';
import { openContext } from '../open-context.ts';
import { triedText } from '../render/trigger-text.ts';

interface TryFilterOptions {
  readonly filter?: string;
  readonly when?: string;
  readonly agent: readonly string[];
  readonly trigger?: string;
  readonly run?: string;
  readonly header: readonly string[];
}

/** `connectors try-filter`: tells what conditions make of an event. */
export function tryFilterCommand(program: Command): void {
  program
    .command('try-filter')
    .helpGroup('Events:')
    .summary('try conditions on an event')
    .description(
      'Show which agents get an event, and why others do not. Tries the conditions of the connector, or others, on a stored event, the result of a run, or a payload. Changes nothing.',
    )
    .argument('<connector>', 'name or id')
    .argument('[payload]', 'JSON, or text for a message; @file reads a file, - reads stdin', parsePayload)
    .option('-f, --filter <condition>', "use instead of the connector's filter")
    .option('-w, --when <condition>', "use instead of the links' conditions")
    .addOption(
      new Option('-a, --agent <name>', 'agent that --when is for, linked or not; repeatable')
        .argParser(collect)
        .default([], 'all linked'),
    )
    .option('-t, --trigger <trigger>', 'a stored event')
    .option('-r, --run <run>', 'a run with a result, for outbound connectors')
    .option('-H, --header <header>', 'header of the request, as "Name: value"; repeatable', collect, [])
    .addHelpText(
      'after',
      examples(
        ['try-filter orders-in --filter "input.total > 100" \'{"total": 250}\'', 'before saving it'],
        [
          'try-filter orders-in --agent audit --when "input.total > 100" --trigger <trigger>',
          'before linking it',
        ],
        ['try-filter orders-in --trigger <trigger>', 'why did this event start nothing?'],
      ),
    )
    .action(
      async (
        reference: string,
        payload: JsonValue | undefined,
        options: TryFilterOptions,
        command: Command,
      ) => {
        const { api, output } = await openContext(command);
        const { filter, trigger, run, header } = options;
        const when = whenOf(options);
        const connector = await findConnector(api, reference);
        const tried = await api.tryFilter(connector.id, {
          ...(filter === undefined ? {} : { filter }),
          ...(when === undefined ? {} : { when }),
          ...(trigger === undefined ? {} : { trigger_id: trigger }),
          ...(run === undefined ? {} : { run_id: run }),
          ...(payload === undefined ? {} : { payload }),
          ...(header.length === 0 ? {} : { headers: Object.fromEntries(headersFrom(header)) }),
        });
        output.answer(tried, (paint) => triedText(tried, paint));
      },
    );
}

/** The conditions in place of those of the links: for all of them, or for the named agents. */
function whenOf({ when, agent: agents }: TryFilterOptions) {
  if (agents.length === 0) return when;
  return Object.fromEntries(agents.map((agent) => [agent, when ?? null]));
}
