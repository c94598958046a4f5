import type { MessageDescription, PrepareContext } from '../../core/connectors/connector-type.ts';
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

/**
 * The run envelope as a record. If the run came from Kafka, the record has the inbound message's key, so that related
 * messages share a partition. Otherwise its key is the run's ID.
 *
 * @throws ZodError where the configuration is not valid
 */
export function prepare(run: EndedRun, context: PrepareContext): KafkaMessage {
  const config = outboundConfigOf(context.connector);
  const inboundKey = context.originType === 'kafka' ? keyOfPayload(run.payload) : null;
  return {
    connection: connectionOf(config),
    password: context.secrets.config['password'],
    topic: config.topic,
    key: inboundKey ?? Buffer.from(run.runId),
    value: JSON.stringify(deliveredData(run)),
    // The delivery's ID is the same for every attempt, so consumers can detect repeats.
    headers: {
      'content-type': 'application/json',
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
