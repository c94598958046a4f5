import { sharingHeaders } from '../../core/connectors/browser-origin.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import type { ConnectorType, ModeDescription } from '../../core/connectors/connector-type.ts';
import type { AnswerStream, HttpHeaders, HttpRequest } from '../../core/connectors/http-request.ts';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import {
  type AcceptedEvent,
  type Answered,
  type ReceiveContext,
  type Received,
  refuseEvent,
} from '../../core/connectors/received.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import type { FieldProblem } from '../../core/field-problem.ts';
import { isJsonObject, type JsonObject } from '../../core/json/json-value.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { endpointProblems } from '../aws-account.ts';
import { jsonFieldOf } from './auth-config.ts';
import { answerQuestion, answerSignedQuestion, authenticate, signingSecrets } from './authenticate.ts';
import { senderInstructions } from './instructions.ts';
import { message, outboundMode, prepare, type WebhookMessage } from './outbound-mode.ts';
import {
  type IdentifiedEvent,
  type PayloadRead,
  type PayloadReading,
  readCloudEvents,
  readPayload,
} from './read-payload.ts';
import {
  inboundConfig,
  isCredential,
  isPassed,
  type ReceivingConfig,
  rateLimitOf,
  receivingConfig,
  syncConfig,
  syncDeadlineMs,
} from './receiving-config.ts';
import { idempotencyKeyOf, readDelay, requestFacts } from './request-facts.ts';
import { sampleRequest } from './sample-request.ts';

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
  const read = authenticated.read ?? (await readRequest(authenticated.request));
  if (read.outcome === 'refused') return read;
  const question = await answerSignedQuestion(config.auth, read.payload, () => signingSecrets(context));
  if (question !== null) return question;
  const events = readCloudEvents(request.headers, read.payload);
  if (events.outcome === 'refused') return events;
  const known = { signedId: authenticated.signedId, scheduledAt: delay.scheduledAt };
  const [first, ...others] = events.events.map((event) => accept(request, config, read, event, known));
  if (first === undefined) return emptyBatch;
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

const emptyBatch: Answered = {
  outcome: 'answered',
  answer: {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify({ status: 'ok', dispatched_to: 0, run_ids: [] }),
  },
  reason: 'A batch had no events.',
};

const batchInSync = refuseEvent(
  'malformed',
  'A batch of events has no single result. Send events one by one, or use an inbound connector.',
);

function accept(
  request: HttpRequest,
  config: ReceivingConfig,
  read: Extract<PayloadRead, { outcome: 'read' }>,
  { payload, natural }: IdentifiedEvent,
  { signedId, scheduledAt }: { signedId: string | undefined; scheduledAt: number | undefined },
): AcceptedEvent {
  const facts = requestFacts(request, config);
  const signedChain = request.headers[chainHeader];
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
    ...(signedChain === undefined ? {} : { signedChain }),
    ...(scheduledAt === undefined ? {} : { scheduledAt }),
  };
}

/** A sync answer as server-sent events: `run`, `chunk`, and last `result` or `error`. */
const eventStream: AnswerStream = {
  headers: {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // Stops proxies from buffering the events.
    'x-accel-buffering': 'no',
  },
  // Receivers skip this comment.
  heartbeat: () => ': still running\n\n',
  started: (runId) => frame('run', JSON.stringify({ run_id: runId })),
  text: (runId, text) => frame('chunk', JSON.stringify({ run_id: runId, text })),
  ended: ({ status, body }) => frame(status < 400 ? 'result' : 'error', body),
};

/** The stream format for a sync answer; `null` if the sender's `Accept` does not request events. */
export function streamOf({ headers }: HttpRequest): AnswerStream | null {
  return headers['accept']?.toLowerCase().includes('text/event-stream') ? eventStream : null;
}

/** One server-sent event (WHATWG HTML, section 9.2). `JSON.stringify` never produces raw line breaks. */
function frame(event: 'run' | 'chunk' | 'result' | 'error', json: string): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}

const secretPrefix = 'whsec_';

/**
 * Generates the secret of an inbound or sync connector. Hex digits need no escaping in a query string and are valid
 * Base64, so the same text works as a plain secret and as a Standard Webhooks key.
 */
function makeSecret(entropy: (count: number) => Uint8Array): string {
  return `${secretPrefix}${Buffer.from(entropy(32)).toString('hex')}`;
}

/** A connector whose secret no sender knows. */
const decoyConfig = inboundConfig.parse({ auth: { type: 'secret' } });

const requestWay: Omit<RequestWay, 'suffix'> = {
  receive,
  headers,
  decoy: () => decoyConfig,
  isCredential: (name, value, connector) =>
    isCredential(name, receivingConfig(connector).auth) || value.includes(secretPrefix),
  passesHeader(name, connector) {
    const { auth, pass_headers } = receivingConfig(connector);
    return isPassed(name, auth, pass_headers);
  },
};

/** The headers that let a page of a listed origin read the answer; none for callers other than browsers. */
function headers(request: HttpRequest, connector: Connector): HttpHeaders | undefined {
  if (request.headers['origin'] === undefined) return undefined;
  return sharingHeaders(request, receivingConfig(connector).allowed_origins);
}

/** The endpoint of a server that is compatible with SNS. */
function problems({ auth }: JsonObject, allowed: AllowedTargets): FieldProblem[] {
  const found = isJsonObject(auth) ? endpointProblems(auth, allowed) : [];
  return found.map(({ field, message }) => ({ field: `auth.${field}`, message }));
}

const receivingSamples = [
  { title: 'With a secret', config: {} },
  {
    title: 'Signed by GitHub',
    config: { auth: { type: 'github' } },
  },
  { title: 'Signed by Stripe', config: { auth: { type: 'stripe' } } },
  {
    title: "Signed by Shopify, with the event's topic for the agent",
    config: {
      auth: { type: 'hmac', header: 'x-shopify-hmac-sha256', encoding: 'base64' },
      dedupe: { header: 'x-shopify-webhook-id' },
      pass_headers: ['x-shopify-*'],
    },
  },
];

export const inboundMode: ModeDescription<never> = {
  summary: 'POST or GET a URL to start runs. Responds with the run ids as soon as the runs are stored.',
  config: inboundConfig,
  problems,
  makeSecret,
  ways: { request: { ...requestWay, suffix: '' } },
  instructions: senderInstructions,
  sampleRequest,
  samples: [
    ...receivingSamples,
    { title: 'At most 10 requests a second', config: { rate_limit: { requests: 10, per_seconds: 1 } } },
  ],
};

export const syncMode: ModeDescription<never> = {
  summary: 'POST or GET a URL to run an agent. Responds with its result.',
  config: syncConfig,
  problems,
  makeSecret,
  ways: { request: { ...requestWay, suffix: '/sync', deadlineMs: syncDeadlineMs, stream: streamOf } },
  instructions: senderInstructions,
  sampleRequest,
  samples: [
    ...receivingSamples,
    { title: 'For callers that wait 30 seconds', config: { timeout_seconds: 30 } },
  ],
};

/** Receives and sends HTTP requests. */
export const webhook: ConnectorType<never, WebhookMessage> = {
  name: 'webhook',
  title: 'Webhook',
  summary: 'Call a URL to run agents, wait for an answer, or have results posted to you.',
  category: 'web',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="6.5" r="3"/><circle cx="5.5" cy="17" r="3"/><circle cx="18.5" cy="17" r="3"/><path d="M10.4 9 7.1 14.4M13.5 9.1l3.3 5.3M8.5 17h7"/></g>',
  modes: { inbound: inboundMode, sync: syncMode, outbound: outboundMode },
  message,
  prepare,
  carriesChain: true,
  // The first delivery loads the HTTP client, so processes that only receive never need it.
  send: async (message, context) => (await import('./send.ts')).send(message, context),
};
