import type { Command } from 'commander';
import type { TriedFilter } from '../../api/contract/index.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import { collect, parsePayload } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { headersFrom } from '../header-options.ts';
import { openContext } from '../open-context.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';

interface TryFilterOptions {
  readonly filter?: string;
  readonly when?: string;
  readonly trigger?: string;
  readonly run?: string;
  readonly header: readonly string[];
}

/** `connectors try-filter`: tells what conditions make of an event. */
export function tryFilterCommand(program: Command): void {
  program
    .command('try-filter')
    .helpGroup('Events:')
    .summary('try conditions out on an event')
    .description(
      'Tell which agents want an event. Tries the conditions of the connector, or other ones, on a stored event, on the result of a run, or on a payload. Changes nothing.',
    )
    .argument('<connector>', 'name or id')
    .argument('[payload]', 'JSON, or text for a message; @file reads a file, - reads stdin', parsePayload)
    .option('-f, --filter <condition>', "in place of the connector's filter")
    .option('-w, --when <condition>', "in place of the links' conditions")
    .option('-t, --trigger <trigger>', 'a stored event')
    .option('-r, --run <run>', 'a run with a result, for outbound connectors')
    .option('-H, --header <header>', 'header of the request, as "Name: value"; repeatable', collect, [])
    .addHelpText(
      'after',
      examples(
        ['try-filter orders-in --filter "input.total > 100" \'{"total": 250}\'', 'before saving it'],
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
        const { filter, when, trigger, run, header } = options;
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

function triedText({ wanted, reason, agents }: TriedFilter, paint: Colours): string {
  if (agents.length === 0) {
    return wanted ? paint.green('The filter is true.') : paint.yellow(printable(reason ?? ''));
  }
  return table(
    ['AGENT', 'WANTED', 'REASON'],
    agents.map((agent) => [
      agent.name,
      agent.wanted ? paint.green('yes') : paint.yellow('no'),
      printable(agent.reason ?? '-'),
    ]),
    paint,
  );
}
