import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { ReceiveContext, Received } from '../../core/connectors/received.ts';
import { jsonFieldOf } from './auth-config.ts';
import { authenticate, signingSecrets } from './authenticate.ts';
import { answerQuestion, answerSignedQuestion } from './challenges.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { readPayload } from './payload/read-payload.ts';
import { rateLimitOf, receivingConfig } from './receiving-config.ts';
import { refuse } from './refuse.ts';
import { requestFacts } from './request-facts.ts';

/**
 * Turns a request to an inbound or sync webhook into a payload.
 * Nothing of the body is read before the sender is known, but where it takes the body to know the sender.
 */
export async function receive(request: HttpRequest, context: ReceiveContext): Promise<Received> {
  const answered = answerQuestion(request, context);
  if (answered !== null) return answered;
  if (request.method !== 'POST' && request.method !== 'GET') {
    return refuse('method-not-allowed', 'Webhooks accept POST and GET requests.');
  }
  const config = receivingConfig(context.connector);
  const authenticated = await authenticate(request, config, context);
  if (authenticated.outcome === 'refused') return authenticated;
  const notAdmitted = context.admit(rateLimitOf(config));
  if (notAdmitted !== null) return notAdmitted;
  const read = await readPayload(authenticated.request, {
    maxBytes: config.max_body_bytes,
    maxKeys: config.max_keys,
    jsonField: jsonFieldOf(config.auth),
    readJson: context.readJson,
    readForm: context.readForm,
    readText: context.readText,
    readMultipart: context.readMultipart,
  });
  if (read.outcome === 'refused') return read;
  const question = await answerSignedQuestion(config.auth, read.payload, () => signingSecrets(context));
  if (question !== null) return question;
  const facts = requestFacts(request, config);
  return {
    outcome: 'accepted',
    payload: read.payload,
    context: facts.context,
    modelInput: null,
    warnings: [...facts.warnings, ...read.warnings],
    repeat: idempotencyKeyOf(request, config, read.payload),
    natural: null,
  };
}
