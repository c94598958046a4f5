import { type Command, Option } from 'commander';
import type { WireDelivery } from '../../api/contract/index.ts';
import { type Redeliverable, redeliverable } from '../../core/deliveries/delivery.ts';
import { parseMoment } from '../argument-values.ts';
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

/** `connectors redeliver`: deliveries go out once more, one by one or many at once. */
export function redeliverCommand(program: Command): void {
  program
    .command('redeliver')
    .helpGroup('Deliveries:')
    .summary('send deliveries once more')
    .description('Send deliveries once more: those given by id, or all that the options describe.')
    .argument('[delivery...]', 'ids of deliveries')
    .option('-c, --connector <connector>', 'those to this connector (name or id)')
    .addOption(
      new Option('-s, --status <status>', 'those with this status (default: failed)').choices(redeliverable),
    )
    .addOption(
      new Option('--from <time>', 'those made since: a time, or how long ago (2h)').argParser(parseMoment),
    )
    .addOption(new Option('--to <time>', 'those made before: a time, or how long ago').argParser(parseMoment))
    .addHelpText(
      'after',
      examples(
        ['redeliver <delivery>', 'one'],
        ['redeliver --connector results', 'all that failed, to one connector'],
        ['redeliver --status failed --from 1d', 'all that failed, of a day'],
        ['redeliver --status held --connector results', 'what was held while it was disabled'],
        ['redeliver --status pending --connector results', 'now, instead of at their next attempt'],
      ),
    )
    .action(async (ids: readonly string[], options: RedeliverOptions, command: Command) => {
      const describes = describesMany(ids, options);
      const context = await openContext(command);
      await (describes ? redeliverMany(context, options) : redeliverEach(context, ids));
    });
}

async function redeliverEach({ api, output }: CommandContext, ids: readonly string[]): Promise<void> {
  const deliveries: WireDelivery[] = [];
  for (const id of ids) deliveries.push(await api.redeliver(id));
  output.answer(deliveries, (paint) => deliveryTable(deliveries, paint));
}

async function redeliverMany({ api, output }: CommandContext, options: RedeliverOptions): Promise<void> {
  const { connector, ...others } = options;
  const chosen = connector === undefined ? {} : { connector: (await findConnector(api, connector)).id };
  const answer = await api.redeliverMany({ ...others, ...chosen });
  output.answer(answer, () => {
    const skipped =
      answer.skipped === 0
        ? ''
        : ` ${answer.skipped} left: their connector is disabled or deleted, or they are on their way.`;
    const more = answer.more ? ' There are more; run it once more.' : '';
    return `${answer.redelivered} on their way again.${skipped}${more}`;
  });
}
