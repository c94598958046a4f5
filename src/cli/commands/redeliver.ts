import { type Command, Option } from 'commander';
import type { WireDelivery } from '../../api/contract/index.ts';
import { type Redeliverable, redeliverable } from '../../core/deliveries/delivery.ts';
import { parseMoment } from '../argument-values.ts';
import { connectorNames } from '../connector-names.ts';
import { describesMany } from '../describes-many.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { type CommandContext, openContext } from '../open-context.ts';
import { deliveryTable } from '../render/delivery-text.ts';

interface RedeliverOptions {
  readonly connector?: string;
  readonly status?: Redeliverable;
  readonly from?: string;
  readonly to?: string;
}

/** `connectors redeliver`: sends deliveries again, by id or by filter. */
export function redeliverCommand(program: Command): void {
  program
    .command('redeliver')
    .helpGroup('Deliveries:')
    .summary('send deliveries again')
    .description('Send deliveries again, by id or by filter.')
    .argument('[delivery...]', 'delivery ids')
    .option('-c, --connector <connector>', 'only to this connector (name or id)')
    .addOption(
      new Option('-s, --status <status>', 'only with this status (default: failed)').choices(redeliverable),
    )
    .addOption(new Option('--from <time>', 'created after this time or age (2h)').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'created before this time or age').argParser(parseMoment))
    .addHelpText(
      'after',
      examples(
        ['redeliver <delivery>', 'one delivery'],
        ['redeliver --connector results', 'all failed deliveries of one connector'],
        ['redeliver --status failed --from 1d', 'all that failed in the last day'],
        ['redeliver --status held --connector results', 'results held while it was disabled'],
        ['redeliver --status pending --connector results', 'now, without waiting for the next attempt'],
      ),
    )
    .action(async (ids: readonly string[], options: RedeliverOptions, command: Command) => {
      const describes = describesMany(ids, options);
      const context = await openContext(command);
      await (describes ? redeliverMany(context, options) : redeliverEach(context, ids));
    });
}

async function redeliverEach({ api, output }: CommandContext, given: readonly string[]): Promise<void> {
  const deliveries: WireDelivery[] = [];
  for (const id of given) deliveries.push(await api.redeliver(id));
  const ids = deliveries.map(({ connector_id }) => connector_id);
  const names = await connectorNames(api, ids, output.json);
  output.answer(deliveries, (paint) => deliveryTable(deliveries, names, paint));
}

async function redeliverMany({ api, output }: CommandContext, options: RedeliverOptions): Promise<void> {
  const { connector, ...others } = options;
  const chosen = connector === undefined ? {} : { connector: (await findConnector(api, connector)).id };
  const answer = await api.redeliverMany({ ...others, ...chosen });
  output.answer(answer, () => {
    const skipped =
      answer.skipped === 0
        ? ''
        : ` Skipped: ${answer.skipped} (already pending, or the connector is disabled or deleted).`;
    const more = answer.more ? ' More remain; run the command again.' : '';
    return `Redelivering: ${answer.redelivered}.${skipped}${more}`;
  });
}
