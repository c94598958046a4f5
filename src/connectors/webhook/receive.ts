import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { AcceptedEvent, ReceiveContext, Received } from '../../core/connectors/received.ts';
import { refuseEvent } from '../../core/connectors/refuse-event.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { jsonFieldOf } from './auth-config.ts';
import { authenticate, signingSecrets } from './authenticate.ts';
import { answerQuestion, answerSignedQuestion } from './challenges.ts';
import { type IdentifiedEvent, readCloudEvents } from './cloud-events.ts';
import { readDelay } from './delay-header.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import type { PayloadRead } from './payload/payload-read.ts';
import { type PayloadReading, readPayload } from './payload/read-payload.ts';
import { type ReceivingConfig, rateLimitOf, receivingConfig } from './receiving-config.ts';
import { requestFacts } from './request-facts.ts';

/**
 * Turns a request to an inbound or sync webhook into a payload. The body is read only after the sender is
 * authenticated, unless authentication needs it.
 */
export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const answered = answerQuestion(request, context);
  if (answered !== null) return answered;
  if (request.method !== 'POST' && request.method !== 'GET') {
    return refuseEvent('method-not-allowed', 'Webhooks accept POST and GET requests.');
  }
  const config = receivingConfig(context.connector);
  const readRequest = (sent: HttpRequest) => readPayload(sent, payloadReading(config, context));
  const authenticated = await authenticate(request, config, context, readRequest);
  if (authenticated.outcome !== 'authenticated') return authenticated;
  const notAdmitted = context.admit(rateLimitOf(config));
  if (notAdmitted !== null) return notAdmitted;
  const delay = readDelay(request.headers, context);
  if (delay.outcome === 'refused') return delay;
  const { outcome: _read, ...due } = delay;
  const read = authenticated.read ?? (await readRequest(authenticated.request));
  if (read.outcome === 'refused') return read;
  const question = await answerSignedQuestion(config.auth, read.payload, () => signingSecrets(context));
  if (question !== null) return question;
  const events = readCloudEvents(request.headers, read.payload);
  if (events.outcome === 'refused') return events;
  const [first, ...others] = events.events.map((event) => ({
    ...accept(request, config, read, event, authenticated.signedId),
    ...chainOf(request),
    ...due,
  }));
  if (first === undefined) return { outcome: 'answered', answer: null, reason: 'A batch had no events.' };
  if (others.length === 0) return first;
  return context.connector.mode === 'sync' ? batchInSync : { ...first, others };
}

function payloadReading(config: ReceivingConfig, context: ReceiveContext): PayloadReading {
  return {
    maxBytes: config.max_body_bytes,
    maxKeys: config.max_keys,
    jsonField: jsonFieldOf(config.auth),
    readJson: context.readJson,
    readForm: context.readForm,
    readText: context.readText,
    readMultipart: context.readMultipart,
  };
}

function chainOf({ headers }: HttpRequest): Pick<AcceptedEvent, 'signedChain'> {
  const signedChain = headers[chainHeader];
  return signedChain === undefined ? {} : { signedChain };
}

const batchInSync = refuseEvent(
  'malformed',
  'A batch of events has no single result. Send events one by one, or use an inbound connector.',
);

function accept(
  request: HttpRequest,
  config: ReceivingConfig,
  read: Extract<PayloadRead, { outcome: 'read' }>,
  { payload, natural }: IdentifiedEvent,
  signedId: string | undefined,
): AcceptedEvent {
  const facts = requestFacts(request, config);
  return {
    outcome: 'accepted',
    payload,
    context: facts.context,
    modelInput: null,
    warnings: [...facts.warnings, ...read.warnings],
    // The request's key would identify every event of a batch alike. An id that was signed is the only one that counts.
    ...(natural === null || signedId !== undefined
      ? { repeat: idempotencyKeyOf(request, config, payload, signedId), natural: null }
      : { repeat: null, natural }),
  };
}
