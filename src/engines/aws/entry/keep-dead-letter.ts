import type { SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { storeDeadLetter } from '../../../core/events/store-dead-letter.ts';
import { derivedUuidV7 } from '../../../core/identifiers.ts';
import type { DeadLetter } from '../../../core/ports/dead-letter-store.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import { type DeadLetterSource, letterBodyOf } from '../deliveries/redrive.ts';
import { jsonText } from '../store/payload-objects.ts';
import { connectorOfInvocation } from '../ways/mapping/take-invocation.ts';
import { deadEventBody, readRuleMessage } from '../ways/rule/rule-message.ts';
import { connectorToPoll, deadTickBody, readTick } from '../ways/schedule/tick-message.ts';
import type { GatewayConnections } from '../ways/socket/gateway-connections.ts';
import { readDeadMessage, readSocketMessage } from '../ways/socket/socket-message.ts';
import { type SocketSessions, storedFormOf } from '../ways/socket/socket-sessions.ts';
import { workMessage } from '../work-queue.ts';

/** What the stream's event source reports about records that could not be handled. */
const lostRecords = z.object({
  DDBStreamBatchInfo: z.object({ shardId: z.string(), startSequenceNumber: z.string() }),
});

const reasons: Readonly<Record<DeadLetterSource, string>> = {
  'execute-run': 'The run could not be executed after all retries.',
  deliver: 'The delivery could not be attempted after all retries.',
  'plan-deliveries': 'The deliveries of the run could not be planned.',
  'stream-batch':
    'Records of ended runs could not be read from the stream; the reconciler plans their deliveries.',
  'lost-batch':
    'Messages could not be stored after all retries. The consumer group has continued after them.',
  'fire-tick': 'The tick of a schedule could not be fired after all retries.',
  'take-event': 'The event of a rule could not be stored after all retries.',
  'take-message':
    'The message of a WebSocket connection could not be answered after all retries. The connection was closed.',
};

interface SocketAccess {
  readonly sessions: SocketSessions;
  readonly connections: GatewayConnections;
}

/** Keeps a message of a dead-letter queue as a record for operators. A repeated message makes one record. */
export async function keepDeadLetter(
  engine: Engine,
  source: DeadLetterSource,
  record: SQSRecord,
): Promise<void> {
  const polled = source === 'fire-tick' ? connectorToPoll(record.body) : null;
  if (polled !== null) {
    // Its events wait at their source until the next poll.
    engine.log.error('poll.missed', {
      connector_id: polled,
      reason: 'It failed after all retries.',
    });
    return;
  }
  const id = idOf(source, record);
  const sentAt = Number(record.attributes.SentTimestamp);
  const letter: DeadLetter = {
    deadLetterId: derivedUuidV7(sentAt, record.messageId),
    at: sentAt,
    source,
    reason: reasons[source],
    ...(await subjectOf(engine, source, id, record)),
    body: letterBodyOf(id),
  };
  await storeDeadLetter(engine, letter);
  engine.log.error('dead-letter.kept', { dead_letter_id: letter.deadLetterId, source, id });
}

/**
 * Keeps a message of a connection, together with the connection, and closes that: its client has waited for long, and
 * may send the message again.
 */
export async function keepDeadMessage(
  engine: Engine,
  { sessions, connections }: SocketAccess,
  record: SQSRecord,
): Promise<void> {
  const message = readSocketMessage(record.body);
  const { gatewayId } = message;
  const socket = await sessions.find(gatewayId);
  if (message.kind === 'message') {
    const kept = socket === null ? message : { ...message, socket: storedFormOf(socket) };
    await keepDeadLetter(engine, 'take-message', { ...record, body: JSON.stringify(kept) });
  } else {
    engine.log.error('socket.not-greeted', { connector_id: socket?.session.connectorId ?? null });
  }
  await connections.close(gatewayId);
}

function idOf(source: DeadLetterSource, record: SQSRecord): string {
  if (source === 'fire-tick') return deadTickBody(record);
  if (source === 'take-event') return deadEventBody(record);
  if (source === 'take-message') return record.body;
  if (source === 'lost-batch') return readLostBatch(record.body).place;
  const body = jsonText.parse(record.body);
  if (source !== 'stream-batch') return workMessage.parse(body).id;
  const { shardId, startSequenceNumber } = lostRecords.parse(body).DDBStreamBatchInfo;
  return `${shardId}/${startSequenceNumber}`;
}

async function subjectOf(
  engine: Engine,
  source: DeadLetterSource,
  id: string,
  { body }: SQSRecord,
): Promise<Pick<DeadLetter, 'runId' | 'connectorId'>> {
  if (source === 'stream-batch') return { runId: null, connectorId: null };
  if (source === 'fire-tick') return { runId: null, connectorId: readTick(id)?.connectorId ?? null };
  if (source === 'take-event') return { runId: null, connectorId: readRuleMessage(id)?.connectorId ?? null };
  if (source === 'take-message')
    return { runId: null, connectorId: readDeadMessage(id)?.socket.connectorId ?? null };
  if (source === 'lost-batch') return { runId: null, connectorId: readLostBatch(body).connectorId };
  if (source === 'deliver') {
    const delivery = await engine.deliveries.get(id);
    return { runId: delivery?.runId ?? null, connectorId: delivery?.connectorId ?? null };
  }
  const run = await engine.runs.find(id);
  return { runId: id, connectorId: run?.connectorId ?? null };
}

/**
 * What Lambda tells a destination about a discarded batch: the position of the messages, not their content (Lambda
 * developer guide, "Capturing discarded batches for Amazon MSK and self-managed Apache Kafka event sources").
 */
const lostBatch = jsonText.pipe(
  z.looseObject({
    requestContext: z.object({ functionArn: z.string(), condition: z.string().optional() }),
  }),
);

/** The connector of a lost batch, and what is known of its position, as text. */
export function readLostBatch(body: string): { readonly connectorId: string; readonly place: string } {
  const { requestContext, ...rest } = lostBatch.parse(body);
  // Each kind of source has its own field for the position, such as KafkaBatchInfo.
  const info = Object.entries(rest).find(([name]) => name.endsWith('BatchInfo'))?.[1];
  return {
    connectorId: connectorOfInvocation(requestContext.functionArn),
    place: JSON.stringify({ condition: requestContext.condition, ...z.looseObject({}).parse(info) }),
  };
}
