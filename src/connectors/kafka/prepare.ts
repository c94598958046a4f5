import * as z from 'zod';
import type {
  MessageDescription,
  MessageKind,
  PrepareContext,
} from '../../core/connectors/connector-type.ts';
import { deliveredData, type EndedRun } from '../../core/runs/run.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { type ConnectionConfig, connectionOf } from './connection-config.ts';
import { outboundConfigOf } from './outbound-config.ts';
import { keyOfPayload } from './payload.ts';

/** A complete record and its destination. */
export interface KafkaMessage {
  readonly connection: ConnectionConfig;
  readonly password: string | undefined;
  readonly topic: string;
  readonly key: Uint8Array;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

const fields = z.strictObject({
  value: z.union([z.string(), z.looseObject({})]).meta({
    description: 'The content of the record: text, or an object that is sent as JSON.',
  }),
  key: z.string().max(1_000).exactOptional().meta({
    description: 'Records with the same key stay in order. Default: the id of the run.',
  }),
  headers: z.record(z.string(), z.string()).exactOptional().meta({ description: 'Headers of the record.' }),
});

export const message: MessageKind = {
  description: 'Writes a record to a Kafka topic.',
  schema: fields,
};

/**
 * The run envelope, or the agent's message, as a record. If the run came from Kafka, the record has the inbound message's key, so that related
 * messages share a partition. Otherwise its key is the run's ID.
 *
 * @throws ZodError where the configuration is not valid
 */
export function prepare(run: EndedRun, context: PrepareContext): KafkaMessage {
  const config = outboundConfigOf(context.connector);
  const own = run.message === undefined ? undefined : fields.parse(run.message);
  const value = own?.value ?? deliveredData(run);
  const inboundKey = context.originType === 'kafka' ? keyOfPayload(run.payload) : null;
  return {
    connection: connectionOf(config),
    password: context.secrets.config['password'],
    topic: config.topic,
    key: own?.key === undefined ? (inboundKey ?? Buffer.from(run.runId)) : Buffer.from(own.key),
    value: typeof value === 'string' ? value : JSON.stringify(value),
    // The delivery's ID is the same for every attempt, so consumers can detect repeats.
    headers: {
      ...own?.headers,
      'content-type': typeof value === 'string' ? 'text/plain' : 'application/json',
      'delivery-id': context.deliveryId,
      ...(context.chain === null ? {} : { [chainHeader]: context.chain }),
    },
  };
}

/** Describes the record to users by its topic, key, and headers. */
export function describe({ topic, key, headers, value }: KafkaMessage): MessageDescription {
  return {
    method: null,
    target: `topic ${topic}`,
    headers: { key: Buffer.from(key).toString(), ...headers },
    body: value,
  };
}
