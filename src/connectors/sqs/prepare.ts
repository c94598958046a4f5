import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
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
  readonly contentType: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The origin of a run whose event came from a queue with groups. */
const groupAddress = z.object({ message_group_id: z.string() });

/** SQS allows ten, and the product sets three (SQS developer guide, "Message metadata"). */
const maxAttributes = 7;

const fields = z.strictObject({
  body: z.union([z.string().min(1), z.looseObject({})]).meta({
    description: 'The content of the message: text, or an object that is sent as JSON.',
  }),
  attributes: z
    .record(z.string().regex(/^(?!(?:aws|amazon)\.)[A-Za-z0-9_.-]{1,256}$/i), z.string().min(1))
    .exactOptional()
    .meta({ description: 'Attributes of the message, at most 7.', maxProperties: maxAttributes }),
  group_id: z.string().min(1).max(128).exactOptional().meta({
    description: 'FIFO queues only: messages of one group stay in order. Default: the name of the agent.',
  }),
});

export const message: MessageKind = {
  description: 'Sends a message to an Amazon SQS queue.',
  schema: fields,
};

/**
 * The run envelope, or the agent's message. In a FIFO queue, it has the group of the inbound message, so results keep the order of
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
  const own = run.message === undefined ? undefined : fields.parse(run.message);
  const body = own?.body ?? deliveredData(run);
  return {
    access,
    body: withAllowedCharacters(typeof body === 'string' ? body : JSON.stringify(body)),
    deliveryId,
    chain,
    group: isFifo(access.url) ? (own?.group_id ?? inbound?.message_group_id ?? run.agentName) : null,
    contentType: typeof body === 'string' ? 'text/plain' : 'application/json',
    attributes: own?.attributes ?? {},
  };
}

/** Describes the message to users by its queue and attributes. */
export function describe({
  access,
  body,
  deliveryId,
  chain,
  group,
  attributes,
}: SentMessage): MessageDescription {
  return {
    method: null,
    target: `queue ${access.url}`,
    headers: {
      ...attributes,
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
