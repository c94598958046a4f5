import type { ReceiveContext, Received } from '../../core/connectors/received.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { payloadOf } from './payload.ts';

/** Turns a message into the payload of its runs. The same topic, partition, and offset never start a second trigger. */
export async function receive(record: KafkaRecord, context: ReceiveContext): Promise<Received> {
  const refused = context.admit();
  if (refused !== null) return refused;
  const { topic, partition, offset, timestampMs } = record;
  const read = payloadOf(record);
  if (read.outcome === 'unreadable') {
    const detail = `Cannot read message ${offset} of partition ${partition} of "${topic}". ${read.problem}`;
    return { outcome: 'refused', reason: 'malformed', detail };
  }
  return {
    outcome: 'accepted',
    payload: read.payload,
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    ...(record.signedChain === undefined ? {} : { signedChain: record.signedChain }),
    natural: { key: `${topic}\n${partition}\n${offset}`, timeMs: timestampMs, place: Number(offset) },
  };
}
