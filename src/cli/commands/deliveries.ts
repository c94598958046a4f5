import { type Command, Option } from 'commander';
import { type DeliveryStatus, deliveryStatuses } from '../../core/deliveries/delivery.ts';
import { parseLimit, parseMoment } from '../argument-values.ts';
import { connectorNames } from '../connector-names.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { deliveryTable, deliveryText } from '../render/delivery-text.ts';

interface DeliveriesOptions {
  readonly status?: DeliveryStatus;
  readonly connector?: string;
  readonly run?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

/** `connectors deliveries`: lists deliveries, or shows one. */
export function deliveriesCommand(program: Command): void {
  program
    .command('deliveries')
    .helpGroup('Deliveries:')
    .summary('list deliveries or show one')
    .description('List deliveries, newest first, or show one with its attempts.')
    .argument('[delivery]', 'delivery id')
    .addOption(new Option('-s, --status <status>', 'only with this status').choices(deliveryStatuses))
    .option('-c, --connector <connector>', 'only to this connector (name or id)')
    .option('-r, --run <run>', 'only for this run')
    .addOption(new Option('--from <time>', 'created after this time or age (2h)').argParser(parseMoment))
    .addOption(new Option('--to <time>', 'created before this time or age (15m)').argParser(parseMoment))
    .option('--limit <count>', 'maximum number of items, 1 to 100', parseLimit)
    .option('--cursor <cursor>', 'continue from the previous page')
    .addHelpText(
      'after',
      examples(
        ['deliveries --status failed', 'failed deliveries'],
        ['deliveries <delivery>', 'every attempt and response'],
      ),
    )
    .action(async (id: string | undefined, options: DeliveriesOptions, command: Command) => {
      const { api, output } = await openContext(command);
      if (id !== undefined) {
        const delivery = await api.getDelivery(id);
        const names = await connectorNames(api, [delivery.connector_id], output.json);
        return output.answer(delivery, (paint) => deliveryText(delivery, names, paint));
      }
      const { connector, ...query } = options;
      const page = await api.listDeliveries({
        ...query,
        ...(connector === undefined ? {} : { connector: (await findConnector(api, connector)).id }),
      });
      const ids = page.items.map(({ connector_id }) => connector_id);
      const names = await connectorNames(api, ids, output.json);
      output.page(page, (paint) => deliveryTable(page.items, names, paint));
    });
}
