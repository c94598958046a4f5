import { type Command, Option } from 'commander';
import type { WireDelivery } from '../../api/contract/index.ts';
import { parseMoment } from '../argument-values.ts';
import { connectorNames } from '../connector-names.ts';
import { describesMany } from '../describes-many.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { type CommandContext, openContext } from '../open-context.ts';
import { deliveryTable } from '../render/delivery-text.ts';

interface DropOptions {
  readonly connector?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `connectors drop`: cancels held deliveries, by id or by filter. */
export function dropCommand(program: Command): void {
  program
    .command('drop')
    .helpGroup('Deliveries:')
    .summary('cancel held deliveries')
    .description('Cancel held deliveries, by id or by filter. They stay in the list.')
    .argument('[delivery...]', 'delivery ids')
    .option('-c, --connector <connector>', 'only to this connector (name or id)')
    .addOption(new Option('--from <time>', 'created after this time or age (2h)').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'created before this time or age').argParser(parseMoment))
    .addHelpText(
      'after',
      examples(
        ['drop <delivery>', 'one delivery'],
        ['drop --connector results', 'all held deliveries of one connector'],
        ['drop --to 1d', 'all held for more than a day'],
      ),
    )
    .action(async (ids: readonly string[], options: DropOptions, command: Command) => {
      const describes = describesMany(ids, options);
      const context = await openContext(command);
      await (describes ? dropMany(context, options) : dropEach(context, ids));
    });
}

async function dropEach({ api, output }: CommandContext, given: readonly string[]): Promise<void> {
  const deliveries: WireDelivery[] = [];
  for (const id of given) deliveries.push(await api.dropDelivery(id));
  const ids = deliveries.map(({ connector_id }) => connector_id);
  const names = await connectorNames(api, ids, output.json);
  output.answer(deliveries, (paint) => deliveryTable(deliveries, names, paint));
}

async function dropMany({ api, output }: CommandContext, options: DropOptions): Promise<void> {
  const { connector, ...others } = options;
  const chosen = connector === undefined ? {} : { connector: (await findConnector(api, connector)).id };
  const answer = await api.dropDeliveries({ ...others, ...chosen });
  output.answer(
    answer,
    () => `Dropped: ${answer.dropped}.${answer.more ? ' More remain; run the command again.' : ''}`,
  );
}
