import { type Command, Option } from 'commander';
import type { WireConnector } from '../../api/contract/index.ts';
import { parsePort } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';

const usualPort = 5_050;

/** `connectors receive`: runs a receiver on this machine, for trying outbound webhooks. */
export function receiveCommand(program: Command): void {
  program
    .command('receive')
    .helpGroup('Deliveries:')
    .summary('receive deliveries on this machine and verify them')
    .description(
      "Receive an outbound webhook's deliveries on this machine, verify their signatures, and print them. Ctrl+C stops.",
    )
    .argument('<connector>', 'name or id')
    .addOption(
      new Option(
        '-p, --port <port>',
        `port to listen on (default: that of the connector's URL if it is on this machine, otherwise ${usualPort})`,
      ).argParser(parsePort),
    )
    .addHelpText(
      'after',
      examples([
        'receive results',
        'for a connector with the URL http://127.0.0.1:5050/, in a system that allows private targets',
      ]),
    )
    .action(async (reference: string, options: { readonly port?: number }, command: Command) => {
      const { receiveDeliveries } = await import('../receive/receive-deliveries.ts');
      const { stopSignal } = await import('../start/stop-signal.ts');
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const { secret } = await api.showSecret(connector.id);
      const stopping = stopSignal(() => undefined);
      const port = options.port ?? localPort(connector) ?? usualPort;
      const receiver = await receiveDeliveries(secret, port, output);
      output.note(`Receiving deliveries of "${connector.name}" on ${receiver.url}/. Press Ctrl+C to stop.`);
      await stopping;
      await receiver.stop();
    });
}

/** The port of the connector's URL; `null` if it is on another machine. */
function localPort({ config }: WireConnector): number | null {
  const { url } = config;
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  return port !== '' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname) ? Number(port) : null;
}
