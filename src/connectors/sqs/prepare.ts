import * as z from 'zod';
import type { MessageDescription, PrepareContext } from '../../core/connectors/connector-type.ts';
import { type EndedRun, runEnvelope } from '../../core/runs/run.ts';
import { type QueueAccess, queueAccess } from './queue-config.ts';
import { isFifo } from './queue-url.ts';

/** One message, completely shaped, and where it goes. */
export interface SentMessage {
  readonly access: QueueAccess;
  readonly body: string;
  /** By it a consumer recognizes a repeat: it is the same in every attempt. */
  readonly deliveryId: string;
  /** `null` where the queue is not FIFO. */
  readonly group: string | null;
}

/** Where the event of a run came from a queue with groups. */
const groupAddress = z.object({ message_group_id: z.string() });

/**
 * The run envelope as a message. In a FIFO queue it belongs to the group of the inbound message, so that results stay in
 * the order of their events; else to a group of the agent's name.
 *
 * @throws ZodError where the configuration is not valid
 */
export function prepare(
  run: EndedRun,
  { connector, secrets, deliveryId, origin }: PrepareContext,
): SentMessage {
  const access = queueAccess(connector.config, secrets.config);
  const inbound = origin?.type === connector.type ? groupAddress.safeParse(origin.address).data : undefined;
  return {
    access,
    body: withAllowedCharacters(JSON.stringify(runEnvelope(run))),
    deliveryId,
    group: isFifo(access.url) ? (inbound?.message_group_id ?? run.agentName) : null,
  };
}

/** The message for people: its queue and its attributes. */
export function describe({ access, body, deliveryId, group }: SentMessage): MessageDescription {
  return {
    method: null,
    target: `queue ${access.url}`,
    headers: { 'delivery-id': deliveryId, ...(group === null ? {} : { 'message-group-id': group }) },
    body,
  };
}

/** SQS takes the characters of XML 1.0: of those that JSON does not escape, these two are not among them. */
function withAllowedCharacters(json: string): string {
  return json.replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');
}
