import { sharingHeaders } from '../../core/connectors/browser-origin.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { HttpHeaders } from '../../core/connectors/http-answer.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import type { RequestWay } from '../../core/connectors/ways.ts';
import type { FieldProblem } from '../../core/field-problem.ts';
import { isJsonObject, type JsonObject } from '../../core/json/json-value.ts';
import { endpointProblems } from '../aws-account.ts';
import { isCredential, isPassed } from './event-headers.ts';
import { senderInstructions } from './instructions.ts';
import { receive } from './receive.ts';
import { inboundConfig, receivingConfig, syncConfig, syncDeadlineMs } from './receiving-config.ts';
import { sampleRequest } from './sample-request.ts';
import { streamOf } from './stream-events.ts';

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
function headers(request: HttpRequest, connector: Connector): HttpHeaders {
  if (request.headers['origin'] === undefined) return {};
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
