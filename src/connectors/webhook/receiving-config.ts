import * as z from 'zod';
import { origin } from '../../core/connectors/browser-origin.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { RateLimit } from '../../core/ports/rate-limiter.ts';
import { isCredentialHeader } from '../../core/redaction/hide-secrets.ts';
import { presetNames, presets, type SignaturePreset } from '../../signatures/presets.ts';
import { publicKeyPresets } from '../../signatures/public-key.ts';
import { secretProblem } from '../../signatures/signature-scheme.ts';
import {
  type AuthConfig,
  authConfig,
  headerName,
  isSignedWithSecret,
  schemeOf,
  schemesOf,
  senderOf,
  sns,
} from './auth-config.ts';

/** A header name, or a prefix followed by `*`. */
const headerPattern = headerName.refine((name) => !/^\*|\*./.test(name), {
  error: 'A "*" is allowed only at the end of a name, after at least one character.',
});

/**
 * The request headers that the agent gets: those of the preset in `auth` and those that match `patterns`. Headers that
 * authenticate the sender are always excluded.
 */
export function passedHeaders(
  headers: HttpRequest['headers'],
  auth: AuthConfig,
  patterns: readonly string[],
): Record<string, string> {
  const wanted = wantedHeaders(auth, patterns);
  if (wanted.length === 0) return {};
  const passed: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && isWanted(name, auth, wanted)) passed.push([name, value]);
  }
  return Object.fromEntries(passed);
}

/** Whether the agent gets a header. @param name in lower case */
export function isPassed(name: string, auth: AuthConfig, patterns: readonly string[]): boolean {
  return isWanted(name, auth, wantedHeaders(auth, patterns));
}

function wantedHeaders(auth: AuthConfig, patterns: readonly string[]): readonly string[] {
  return [...(senderOf(auth)?.eventHeaders ?? []), ...patterns];
}

function isWanted(name: string, auth: AuthConfig, wanted: readonly string[]): boolean {
  return !isCredential(name, auth) && wanted.some((pattern) => matches(name, pattern));
}

function matches(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Whether a header may authenticate the sender, so that agents must not get it. @param name in lower case */
export function isCredential(name: string, auth: AuthConfig): boolean {
  if (isCredentialHeader(name)) return true;
  return isSignedWithSecret(auth) && schemesOf(auth).some(({ header }) => name === header);
}

const mebibyte = 1024 * 1024;

const dedupe = z
  .strictObject({
    header: headerName.exactOptional().meta({
      title: 'Header',
      description: 'A header with the same value in every repeat of an event.',
    }),
    body_path: z
      .string()
      .min(1)
      .exactOptional()
      .meta({ title: 'Path in the body', description: 'Dot path of a value, such as "event.id".' }),
  })
  .refine(({ header, body_path }) => (header === undefined) !== (body_path === undefined), {
    error: 'Set either "header" or "body_path".',
  });

const known: readonly Pick<SignaturePreset, 'title' | 'repeats' | 'eventHeaders'>[] = [
  ...Object.values(presets),
  ...Object.values(publicKeyPresets),
  sns,
];
const presetRepeats = known
  .flatMap(({ title, repeats }) =>
    repeats === null
      ? []
      : `${title} ${'header' in repeats ? repeats.header : `"${repeats.bodyPath}" in the body`}`,
  )
  .join(', ');
const presetHeaders = known
  .filter(({ eventHeaders }) => eventHeaders.length > 0)
  .map(({ title, eventHeaders }) => `${title} ${eventHeaders.join(' and ')}`)
  .join(', ');

const rateLimit = z.strictObject({
  requests: z
    .int()
    .min(1)
    .max(1_000_000)
    .meta({ title: 'Requests', description: 'Maximum number of requests.' }),
  per_seconds: z
    .int()
    .min(1)
    .max(86_400)
    .default(1)
    .meta({ title: 'Per seconds', description: 'The period in seconds.' }),
});

/** Conditions for fields that need signed requests, and for fields that need a preset's event identity. */
const whenSigned = { 'auth.type': [...presetNames, 'hmac'] };
const whenPreset = { 'auth.type': [...presetNames, ...Object.keys(publicKeyPresets), 'sns'] };

/** The shared configuration of inbound and sync webhooks, in the order of the form. */
const receivingFields = {
  auth: authConfig.default({ type: 'secret' }).meta({
    title: 'Authentication',
    description: 'How callers authenticate.',
  }),
  signing_secret: z.string().exactOptional().meta({
    title: 'Signing secret',
    description:
      "Paste the provider's signing secret. Leave empty to use this connector's secret. Stripe: Developers, Webhooks, the endpoint's signing secret. Slack: Basic Information, App Credentials. Twilio: the account's auth token. Mailgun: the HTTP webhook signing key.",
    secret: true,
    when: whenSigned,
  }),
  dedupe: dedupe.nullable().default(null).meta({
    title: 'Deduplication',
    description:
      "Where to find the id of an event, for senders without an Idempotency-Key header. Events already received in the last 24 hours are ignored. Takes precedence over the sender's own event ids, except those of Mailgun and Amazon SNS.",
    advanced: true,
  }),
  preset_dedupe: z
    .boolean()
    .default(true)
    .meta({
      title: "Deduplication by the sender's event ids",
      description: `Unless another id is given, use the event ids of known senders: ${presetRepeats}. Those of Mailgun and Amazon SNS always count.`,
      when: whenPreset,
      advanced: true,
    }),
  pass_headers: z
    .array(headerPattern)
    .max(50)
    .default([])
    .meta({
      title: 'Headers for the agent',
      description: `Headers to copy to request.headers of the run's context; "ce-*" matches all with this prefix. Always copied for known senders: ${presetHeaders}.`,
      advanced: true,
    }),
  allowed_origins: z.array(origin).max(100).default([]).meta({
    title: 'Allowed origins',
    description:
      'Origins, such as https://app.example.com, whose pages may call this connector from a browser and read the response. Without authentication, no other pages may.',
    advanced: true,
  }),
  rate_limit: rateLimit.nullable().default(null).meta({
    title: 'Rate limit',
    description: 'Further requests get 429 and start nothing.',
    advanced: true,
  }),
  max_body_bytes: z
    .int()
    .min(1_024)
    .max(100 * mebibyte)
    .default(25 * mebibyte)
    .meta({
      title: 'Maximum body size',
      description: 'Larger requests get 413.',
      unit: 'bytes',
      advanced: true,
    }),
  max_keys: z.int().min(1_000).max(5_000_000).default(100_000).meta({
    title: 'Maximum keys',
    description: 'Maximum number of keys and list entries in a JSON body, in total. Larger bodies get 413.',
    advanced: true,
  }),
};

interface Given {
  readonly auth: AuthConfig;
  readonly signing_secret?: string;
  readonly pass_headers: readonly string[];
}

/** Checks rules that span fields: the secret must suit its scheme, and agents must not get credential headers. */
function checkTogether(config: Given, context: z.RefinementCtx): void {
  checkSecret(config, context);
  checkSignedContent(config, context);
  for (const [index, name] of config.pass_headers.entries()) {
    if (!isCredential(name, config.auth)) continue;
    const message = `"${name}" may contain credentials, so agents cannot receive it.`;
    context.addIssue({ code: 'custom', path: ['pass_headers', index], message });
  }
}

/** The signed content can be rebuilt only if the request contains all its parts. */
function checkSignedContent({ auth }: Given, context: z.RefinementCtx): void {
  if (auth.type !== 'hmac' || auth.signed_content === null) return;
  const missing = [
    { place: '{timestamp}', field: 'timestamp_header', value: auth.timestamp_header },
    { place: '{id}', field: 'id_header', value: auth.id_header },
  ].find(({ place, value }) => value === null && auth.signed_content?.includes(place));
  if (missing === undefined) return;
  const message = `is needed for ${missing.place} in the signed content.`;
  context.addIssue({ code: 'custom', path: ['auth', missing.field], message });
}

/** Rejects, on entry, a secret that anyone could sign with. */
function checkSecret({ auth, signing_secret }: Given, context: z.RefinementCtx): void {
  if (signing_secret === undefined) return;
  const problem = secretProblem(signing_secret, isSignedWithSecret(auth) ? schemeOf(auth).key : 'text');
  if (problem !== null) context.addIssue({ code: 'custom', path: ['signing_secret'], message: problem });
}

/** Longest wait for a result: API Gateway's idle limit for streaming integrations. */
const longestTimeoutSeconds = 300;

export const inboundConfig = z.strictObject(receivingFields).superRefine(checkTogether);
export const syncConfig = z
  .strictObject({
    ...receivingFields,
    timeout_seconds: z.int().min(1).max(longestTimeoutSeconds).default(longestTimeoutSeconds).meta({
      title: 'Timeout (seconds)',
      description: 'After this time, the caller gets 202, and the run continues.',
    }),
  })
  .superRefine(checkTogether);

export type ReceivingConfig = z.infer<typeof inboundConfig> & Partial<z.infer<typeof syncConfig>>;

const receivingConfigs = {
  sync: parseOnce((config): ReceivingConfig => syncConfig.parse(config)),
  inbound: parseOnce((config): ReceivingConfig => inboundConfig.parse(config)),
};

/** The configuration of an inbound or sync connector. @throws ZodError where the stored one is not valid */
export function receivingConfig({ mode, config }: Pick<Connector, 'mode' | 'config'>): ReceivingConfig {
  return receivingConfigs[mode === 'sync' ? 'sync' : 'inbound'](config);
}

/** The rate limit in the core's form. */
export function rateLimitOf({ rate_limit }: ReceivingConfig): RateLimit | undefined {
  return rate_limit === null
    ? undefined
    : { requests: rate_limit.requests, perSeconds: rate_limit.per_seconds };
}

/** How long a sync connector's caller waits, in ms. */
export function syncDeadlineMs(connector: Connector): number {
  return (receivingConfig(connector).timeout_seconds ?? longestTimeoutSeconds) * 1_000;
}
