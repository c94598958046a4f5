import type { MessageDescription, PrepareContext } from '../../core/connectors/connector-type.ts';
import { type EndedRun, runEnvelope } from '../../core/runs/run.ts';
import { type ConnectionConfig, connectionOf } from './connection-config.ts';
import { outboundConfigOf } from './outbound-config.ts';
import { keyOfPayload } from './payload.ts';

/** One record, completely shaped, and where it goes. */
export interface KafkaMessage {
  readonly connection: ConnectionConfig;
  readonly password: string | undefined;
  readonly topic: string;
  readonly key: Uint8Array;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The run envelope as a record. Its key is the inbound message's where the run came from Kafka, so that what belongs
 * together stays in one partition; else the run's id.
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
    value: JSON.stringify(runEnvelope(run)),
    // The delivery's id is the same in every attempt: by it a consumer knows a repeat.
    headers: { 'content-type': 'application/json', 'delivery-id': context.deliveryId },
  };
}

/** The record for people: its topic, its key and its headers. */
export function describe({ topic, key, headers, value }: KafkaMessage): MessageDescription {
  return {
    method: null,
    target: `topic ${topic}`,
    headers: { key: Buffer.from(key).toString(), ...headers },
    body: value,
  };
}
