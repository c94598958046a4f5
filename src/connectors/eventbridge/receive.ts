import { matchesSecret, senderSecrets } from '../../core/connectors/connector-secrets.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  endedEarly,
  type ReceiveContext,
  type Received,
  refuseEvent,
  refuseSecrets,
} from '../../core/connectors/received.ts';
import { type BusEvent, maxEventBytes, type ReadEvent, readEvent } from './bus-event.ts';
import { inboundConfigOf } from './config.ts';
import { matchEvent } from './match-event.ts';

/** Receives an event from a rule, which has already matched it. */
export async function receive({ text }: BusEvent, context: ReceiveContext): Promise<Received> {
  const refused = context.admit();
  if (refused !== null) return refused;
  const read = await readEvent(Buffer.from(text), context);
  return read.outcome === 'refused' ? read : accepted(read);
}

/** Receives an event from an EventBridge API destination if it matches the connector's pattern. */
export async function receiveRequest(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  if (request.method !== 'POST') return methodNotAllowed;
  const { secretHashes, config } = context.connector;
  const isKnown = (secret: string) => matchesSecret(secret, secretHashes, context.now);
  const secrets = senderSecrets(request);
  if (!secrets.some(isKnown)) return refuseSecrets(secrets);
  const refused = context.admit();
  if (refused !== null) return refused;
  const bytes = await request.body.bytes(maxEventBytes);
  if (bytes === 'too-large') return tooLarge;
  if (bytes === 'interrupted') return endedEarly;
  const read = await readEvent(bytes, context);
  if (read.outcome === 'refused') return read;
  const match = matchEvent(inboundConfigOf(config).pattern, read.payload.value);
  if (match === 'undecided') return undecided;
  return match === 'fits' ? accepted(read) : ignored;
}

function accepted({ payload, id, timeMs, signedChain }: ReadEvent): Received {
  return {
    outcome: 'accepted',
    payload,
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural: { key: id, timeMs },
    ...(signedChain === undefined ? {} : { signedChain }),
  };
}

/** Accepts the event without starting a run, so EventBridge does not retry it. */
const ignored: Received = {
  outcome: 'answered',
  answer: null,
  reason: 'The event does not match the pattern of the connector.',
};

const methodNotAllowed = refuseEvent('method-not-allowed', 'Events are sent by POST.');
const tooLarge = refuseEvent('too-large', `The event has more than ${maxEventBytes} bytes.`);
const undecided = refuseEvent(
  'malformed',
  'The lists of this event are too long to be compared with the pattern.',
);
