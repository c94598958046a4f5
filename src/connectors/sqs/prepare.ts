import * as z from 'zod';
import type { MessageDescription, PrepareContext } from '../../core/connectors/connector-type.ts';
import { deliveredData, type EndedRun } from '../../core/runs/run.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { type QueueAccess, queueAccess } from './queue-config.ts';
import { isFifo } from './queue-url.ts';

/** A complete message and its destination. */
export interface SentMessage {
  readonly access: QueueAccess;
  readonly body: string;
  /** The same for every attempt, so consumers can detect repeats. */
  readonly deliveryId: string;
  /** Signed; `null` if the message is of no run. */
  readonly chain: string | null;
  /** `null` if the queue is not FIFO. */
  readonly group: string | null;
}

/** The origin of a run whose event came from a queue with groups. */
const groupAddress = z.object({ message_group_id: z.string() });

/**
 * The run envelope as a message. In a FIFO queue, it has the group of the inbound message, so results keep the order of
 * their events. Otherwise the agent's name is the group.
 *
 * @throws ZodError where the configuration is not valid
 */
export function prepare(
  run: EndedRun,
  { connector, secrets, deliveryId, origin, chain }: PrepareContext,
): SentMessage {
  const access = queueAccess(connector.config, secrets.config);
  const inbound = origin?.type === connector.type ? groupAddress.safeParse(origin.address).data : undefined;
  return {
    access,
    body: withAllowedCharacters(JSON.stringify(deliveredData(run))),
    deliveryId,
    chain,
    group: isFifo(access.url) ? (inbound?.message_group_id ?? run.agentName) : null,
  };
}

/** Describes the message to users by its queue and attributes. */
export function describe({ access, body, deliveryId, chain, group }: SentMessage): MessageDescription {
  return {
    method: null,
    target: `queue ${access.url}`,
    headers: {
      'delivery-id': deliveryId,
      ...(chain === null ? {} : { [chainHeader]: chain }),
      ...(group === null ? {} : { 'message-group-id': group }),
    },
    body,
  };
}

/** SQS accepts only XML 1.0 characters. These two are the only others that JSON leaves unescaped. */
function withAllowedCharacters(json: string): string {
  return json.replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');
}
