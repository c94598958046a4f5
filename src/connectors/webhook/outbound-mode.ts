import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { validSecrets } from '../../core/connectors/connector-secrets.ts';
import type { MessageKind, ModeDescription, PrepareContext } from '../../core/connectors/connector-type.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { deliveredData, type EndedRun } from '../../core/runs/run.ts';
import { chainHeader } from '../../core/runs/run-chain.ts';
import { targetProblem } from '../../net/target-guard.ts';
import { connicScheme, presets } from '../../signatures/presets.ts';
import { signatureHeaders } from '../../signatures/request-signature.ts';
import { headerName } from './auth-config.ts';
import { receiverInstructions } from './instructions.ts';
import { traceHeaders } from './request-facts.ts';

/** Headers that the product or the HTTP client sets itself. */
const ownHeaders = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'traceparent',
  'tracestate',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
  'x-connic-signature',
  'x-connic-timestamp',
]);

function problemOfHeader(name: string): string | null {
  if (!headerName.safeParse(name).success) return `"${name}" is not the name of an HTTP header.`;
  if (ownHeaders.has(name.toLowerCase()) || name.toLowerCase().startsWith('ce-'))
    return `The product sets the header "${name}" itself.`;
  if (name.toLowerCase() !== 'authorization') return null;
  return 'Use the field "authorization" for its value, which is stored as a secret.';
}

const headerValue = z
  .string()
  .max(4_096)
  .regex(/^[\t\x20-\x7e]*$/, 'Headers may contain only printable ASCII characters.');

const extraHeaders = z.record(z.string(), headerValue).superRefine((headers, context) => {
  for (const name of Object.keys(headers)) {
    const problem = problemOfHeader(name);
    if (problem !== null) context.addIssue({ code: 'custom', path: [name], message: problem });
  }
});

const targetUrl = z
  .url({ protocol: /^https?$/, error: 'Enter a full URL that begins with https://.' })
  .max(2_048)
  .refine((url) => !hasUserInfo(url), {
    error: 'Remove the user name and password from the URL; use the field "authorization".',
  });

function hasUserInfo(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && (parsed.username !== '' || parsed.password !== '');
}

const outboundConfig = z.strictObject({
  url: targetUrl.meta({
    title: 'URL',
    description:
      'Every ended run is posted to this URL, over https. Plain http and private addresses work only where the operator allows them; each delivery checks what the host name resolves to.',
  }),
  authorization: headerValue.regex(/\S/, 'must not be blank.').exactOptional().meta({
    title: 'Authorization header',
    description: 'The full value, such as "Bearer abc". Stored as a secret.',
    secret: true,
  }),
  headers: extraHeaders.default({}).meta({
    title: 'More headers',
    description:
      'Sent with every delivery. Do not use them for secrets: they are shown with the configuration.',
  }),
  format: z.enum(['envelope', 'cloudevents-structured', 'cloudevents-binary']).default('envelope').meta({
    title: 'Format',
    description:
      'The body: the result as JSON (envelope), or a CloudEvent with the result as its data: as one JSON object (structured), or with its attributes in headers (binary).',
    advanced: true,
  }),
  timeout_seconds: z
    .int()
    .min(1)
    .max(30)
    .default(15)
    .meta({ title: 'Timeout (seconds)', description: 'How long the receiver may take to respond.' }),
  ...outboundFilterFields,
});

type OutboundConfig = z.infer<typeof outboundConfig>;

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
function outboundConfigOf(connector: Connector): OutboundConfig {
  return outboundConfig.parse(connector.config);
}

export const outboundMode: ModeDescription<never> = {
  summary: 'POSTs the result of every run to a URL, signed, with retries until the receiver accepts it.',
  config: outboundConfig,
  problems: (config, { allowPrivateTargets }) => {
    const message = targetProblem(outboundConfig.parse(config).url, allowPrivateTargets);
    return message === null ? [] : [{ field: 'url', message }];
  },
  ways: {},
  makeSecret: (entropy) => `whsec_${Buffer.from(entropy(32)).toString('base64')}`,
  instructions: receiverInstructions,
  samples: [
    { title: 'Results to a URL', config: { url: 'https://example.com/hooks/results' } },
    {
      title: 'Results as CloudEvents',
      config: { url: 'https://example.com/events', format: 'cloudevents-structured' },
    },
    {
      title: 'Results and failures, with a custom header',
      config: {
        url: 'https://example.com/hooks/results',
        headers: { 'x-environment': 'production' },
        statuses: ['completed', 'failed'],
      },
    },
  ],
};

/** The body of a delivery, and the headers that describe it. */
export interface Content {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The result of a run, or what is sent in its place, in the given format. @param deliveryId the event's ID: the same for every attempt */
function contentOf(format: OutboundConfig['format'], run: EndedRun, deliveryId: string): Content {
  const envelope = deliveredData(run);
  const attributes = attributesOf(run, deliveryId);
  switch (format) {
    case 'envelope':
      return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(envelope) };
    case 'cloudevents-structured':
      return {
        headers: { 'content-type': 'application/cloudevents+json' },
        body: JSON.stringify({ ...attributes, datacontenttype: 'application/json', data: envelope }),
      };
    case 'cloudevents-binary':
      return {
        headers: {
          'content-type': 'application/json',
          ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value])),
        },
        body: JSON.stringify(envelope),
      };
  }
}

/** CloudEvents 1.0, "Context attributes". Agent names need no escaping in headers and URIs. */
function attributesOf(run: EndedRun, deliveryId: string) {
  const { runId, agentName, endedAt, event } = run;
  return {
    specversion: '1.0',
    id: deliveryId,
    source: event === undefined ? `/agents/${agentName}` : '/events',
    type: `agent-connectors.${kindOf(run)}`,
    subject: runId,
    time: new Date(endedAt).toISOString(),
  };
}

function kindOf({ event, message, status }: EndedRun): string {
  if (event !== undefined) return `event.${event.type}`;
  return message === undefined ? `run.${status}` : 'message';
}

/** A complete attempt. */
export interface WebhookMessage {
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** Any JSON object: the receiver knows what it expects. */
export const message: MessageKind = {
  description: 'Posts a JSON object to a URL.',
  schema: z.looseObject({}),
};

/**
 * A POST of the run envelope, or of the agent's message, with two signatures: `X-Connic-Signature` with the current secret, and `webhook-signature`
 * with every valid secret.
 *
 * @throws Error where the connector has no secret, or a configuration that is not valid
 */
export function prepare(run: EndedRun, context: PrepareContext): WebhookMessage {
  const config = outboundConfigOf(context.connector);
  const secrets = validSecrets(context.secrets, context.now);
  const [current] = secrets;
  if (current === undefined) throw new Error('the outbound connector has no secret');
  const authorization = context.secrets.config['authorization'];
  const { body, headers } = contentOf(config.format, run, context.deliveryId);
  const signed = { body, id: context.deliveryId, now: context.now };
  return {
    url: config.url,
    headers: {
      'user-agent': 'Agent-Connectors',
      ...lowerCaseNames(config.headers),
      ...(authorization === undefined ? {} : { authorization }),
      ...traceHeaders(run.context),
      ...(context.chain === null ? {} : { [chainHeader]: context.chain }),
      ...headers,
      ...signatureHeaders(connicScheme, [current], signed),
      ...signatureHeaders(presets['standard-webhooks'].scheme, secrets, signed),
    },
    body,
    timeoutMs: config.timeout_seconds * 1_000,
  };
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
