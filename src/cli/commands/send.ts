import { Argument, type Command } from 'commander';
import type { WireConnector } from '../../api/contract/index.ts';
import { collect, parsePayload } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import type { Output } from '../output.ts';

interface SendOptions {
  readonly file?: readonly string[];
  readonly header?: readonly string[];
  readonly stream?: true;
  readonly secret?: string;
}

/** `connectors send`: sends a test event as an external sender would. */
export function sendCommand(program: Command): void {
  program
    .command('send')
    .helpGroup('Connectors:')
    .summary('send a test event to a connector')
    .description(
      'Send an event to an inbound or sync connector, with the credentials it requires, and print the response.',
    )
    .argument('<connector>', 'name or id')
    .addArgument(
      new Argument(
        '[payload]',
        "JSON, or text for a message; @file reads a file, - reads stdin (default: the agents' sample)",
      ).argParser(parsePayload),
    )
    .option('-f, --file <path>', 'send a file, as multipart/form-data or in a message; repeatable', collect)
    .option('-H, --header <name:value>', 'add a header; repeatable', collect)
    .option('--stream', "stream a sync connector's answer")
    .option('--secret <secret>', "secret to sign or authenticate with (default: the connector's own)")
    .addHelpText(
      'after',
      examples(
        ['send "Try it"', 'same as the curl command'],
        ['send invoices --file invoice.pdf', 'with a file'],
        ['send orders-in @order.json -H "Idempotency-Key: 42"', 'runs once even if sent twice'],
      ),
    )
    .action(async (reference: string, payload: unknown, options: SendOptions, command: Command) => {
      const { sendEvent } = await import('../send/send-event.ts');
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const files = options.file ?? [];
      const event = {
        payload: payload ?? (files.length > 0 ? {} : sampleOf(connector, output)),
        files,
        headers: options.header ?? [],
        stream: options.stream === true,
        secret: options.secret ?? null,
      };
      await sendEvent(api, connector, event, output);
    });
}

function sampleOf({ sample_payload: sample }: WireConnector, output: Output): unknown {
  if (sample !== null) output.note(`No payload given. Sending the sample ${JSON.stringify(sample)}`);
  return sample ?? {};
}
