import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SendContext, Sent } from '../../core/connectors/connector-type.ts';
import { messageOf } from '../../core/errors.ts';
import { hideSecrets } from '../../core/redaction/hide-secrets.ts';
import type { BusMessage } from './prepare.ts';

/**
 * The largest event that is sent, in bytes: the UTF-8 of its source, detail type, and detail together. PutEvents accepts
 * more, but some targets of rules, such as SNS topics, do not.
 */
const maxEntryBytes = 262_144;

/** Timeouts of one attempt, in ms, shorter than a delivery's lease. The product handles further attempts itself. */
const within = { connectionTimeout: 5_000, requestTimeout: 15_000, throwOnRequestTimeout: true };

/** Entry error codes after which another attempt may succeed (API reference, PutEventsResultEntry). */
const passing = new Set(['ThrottlingException', 'InternalFailure', 'InternalException']);

/** Makes one attempt: sends the event and waits until the bus accepts it. */
export async function send(message: BusMessage, { signal, secrets }: SendContext): Promise<Sent> {
  const bytes = sizeOf(message);
  if (bytes > maxEntryBytes) {
    return rejected(
      `The result has ${bytes} bytes as an event; the limit is ${maxEntryBytes}. Let the agent return less.`,
    );
  }
  const client = clientFor(message);
  try {
    const command = new PutEventsCommand({ Entries: [message.entry] });
    const { Entries: [entry] = [] } = await client.send(command, { abortSignal: signal });
    if (entry?.EventId !== undefined) return delivered(entry.EventId);
    const error = hideSecrets(
      `EventBridge rejected the event: ${entry?.ErrorMessage ?? entry?.ErrorCode}`,
      secrets,
    );
    return passing.has(entry?.ErrorCode ?? '') ? failed(error) : rejected(error);
  } catch (thrown) {
    if (signal.aborted) return failed('The process stopped before the event bus had the event.');
    return failed(hideSecrets(`The event could not be sent to EventBridge: ${messageOf(thrown)}`, secrets));
  } finally {
    client.destroy();
  }
}

function sizeOf({ entry: { Source, DetailType, Detail } }: BusMessage): number {
  return Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);
}

function clientFor({ region, credentials }: BusMessage): EventBridgeClient {
  return new EventBridgeClient({
    maxAttempts: 1,
    requestHandler: within,
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  });
}

const nothing = { statusCode: null, responseExcerpt: null };

function delivered(eventId: string): Sent {
  return { outcome: 'delivered', statusCode: null, responseExcerpt: `event ${eventId}` };
}

function failed(error: string): Sent {
  return { ...nothing, outcome: 'failed', error, retryAfterMs: 0 };
}

function rejected(error: string): Sent {
  return { ...nothing, outcome: 'rejected', error };
}
