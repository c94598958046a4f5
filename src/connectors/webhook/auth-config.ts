import * as z from 'zod';
import { type PresetName, presets, type SignaturePreset } from '../../signatures/presets.ts';
import { type PublicKeyPresetName, publicKeyPresets, publicKeyProblem } from '../../signatures/public-key.ts';
import type { SignatureScheme } from '../../signatures/signature-scheme.ts';
import { endpointField, topicArn } from '../aws-account.ts';

const type = <Type extends string>(value: Type, title: string, description: string) =>
  z.literal(value).meta({ title, description });

/** Limits replays but allows for clock differences; Standard Webhooks, Stripe, and Slack recommend this value. */
const defaultToleranceSeconds = 300;

const tolerance = (seconds: number) =>
  z.int().min(1).max(86_400).default(seconds).meta({
    title: 'Tolerance (seconds)',
    description: "Maximum difference between the signature's time and now.",
  });

const toleranceSeconds = tolerance(defaultToleranceSeconds);

/** A header name (RFC 9110, section 5.6.2), in lower case as in requests here. */
export const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'This is not the name of an HTTP header.')
  .toLowerCase();

const presetType = <Name extends PresetName>(name: Name) =>
  type(name, presets[name].title, presets[name].description);

/** A preset whose signatures contain no time. */
const preset = <Name extends PresetName>(name: Name) => z.strictObject({ type: presetType(name) });

const timedPreset = <Name extends PresetName>(name: Name) => {
  const { toleranceSeconds: seconds = defaultToleranceSeconds }: SignaturePreset = presets[name];
  return z.strictObject({ type: presetType(name), tolerance_seconds: tolerance(seconds) });
};

/** A sender that signs with its own key and publishes the public half. */
const publicKeyPreset = <Name extends PublicKeyPresetName>(name: Name) => {
  const { title, description, scheme } = publicKeyPresets[name];
  const key = z.string().superRefine((text, context) => {
    const problem = publicKeyProblem(text, scheme.key);
    if (problem !== null) context.addIssue({ code: 'custom', message: problem });
  });
  return z.strictObject({
    type: type(name, title, description),
    public_key: key.meta({ title: 'Public key', description: `The public key that ${title} shows.` }),
    tolerance_seconds: toleranceSeconds,
  });
};

/** Messages of a topic. Anyone can have SNS sign messages of their own topics, so this one is named. */
const snsAuth = z.strictObject({
  type: type('sns', 'Amazon SNS', 'Messages that SNS signs; subscriptions are confirmed.'),
  topic_arn: topicArn.meta({
    title: 'SNS topic',
    description: 'ARN of the topic to which the URL is subscribed. Messages from other topics are refused.',
    examples: ['arn:aws:sns:eu-west-1:123456789012:alarms'],
  }),
  endpoint: endpointField,
});

const signedContent = z
  .string()
  .max(200)
  .refine((text) => text.includes('{body}') && !/\{(?!(body|timestamp|id|method|url)\})/.test(text), {
    error: 'must contain {body}, and no other places than {timestamp}, {id}, {method}, and {url}.',
  });

const hmacAuth = z.strictObject({
  type: type('hmac', 'HMAC signature', 'For any other sender that signs with HMAC.'),
  header: headerName.meta({ title: 'Header', description: 'The header that contains the signature.' }),
  algorithm: z
    .enum(['sha256', 'sha1', 'sha384', 'sha512'])
    .default('sha256')
    .meta({ title: 'Algorithm', description: 'The hash function of the HMAC.' }),
  encoding: z
    .enum(['hex', 'base64'])
    .default('hex')
    .meta({ title: 'Encoding', description: 'The encoding of the signature.' }),
  prefix: z
    .string()
    .default('')
    .meta({ title: 'Prefix', description: 'Text before the signature, such as "sha256=".' }),
  timestamp_header: headerName.nullable().default(null).meta({
    title: 'Timestamp header',
    description:
      'Header with the time of the signature. Unless other signed content is given, the signature covers "<timestamp>.<body>".',
  }),
  timestamp_unit: z
    .enum(['seconds', 'milliseconds', 'iso'])
    .default('seconds')
    .meta({ title: 'Timestamp unit', description: 'Unix seconds, Unix milliseconds, or ISO 8601.' }),
  id_header: headerName.nullable().default(null).meta({
    title: 'ID header',
    description: 'Header with the id of the message, if the signature covers it.',
  }),
  signed_content: signedContent.nullable().default(null).meta({
    title: 'Signed content',
    description:
      'Template of the signed text, with {body}, {timestamp}, {id}, {method}, and {url} as placeholders.',
  }),
  separator: z.string().min(1).max(3).nullable().default(null).meta({
    title: 'Separator',
    description: 'Text between several signatures in the header. One valid signature is enough.',
  }),
  tolerance_seconds: toleranceSeconds,
});

/** How a connector authenticates its senders. */
export const authConfig = z.discriminatedUnion('type', [
  z.strictObject({
    type: type(
      'secret',
      'Secret',
      'The secret in X-Connic-Secret, as a bearer token, as the password of Basic authentication, or as ?secret=.',
    ),
  }),
  z.strictObject({ type: type('none', 'None', 'Everyone who knows the URL can call it.') }),
  timedPreset('standard-webhooks'),
  preset('github'),
  timedPreset('stripe'),
  timedPreset('slack'),
  timedPreset('svix'),
  preset('shopify'),
  timedPreset('paddle'),
  timedPreset('zoom'),
  timedPreset('calendly'),
  timedPreset('zendesk'),
  timedPreset('hubspot'),
  preset('square'),
  preset('pagerduty'),
  preset('twilio'),
  timedPreset('mailgun'),
  publicKeyPreset('discord'),
  publicKeyPreset('sendgrid'),
  snsAuth,
  hmacAuth,
]);

export type AuthConfig = z.infer<typeof authConfig>;
export type PublicKeyAuth = Extract<AuthConfig, { type: PublicKeyPresetName }>;
export type SnsAuth = Extract<AuthConfig, { type: 'sns' }>;
/** Auth types whose senders sign with a shared secret. */
export type SignatureAuth = Exclude<AuthConfig, PublicKeyAuth | SnsAuth | { type: 'secret' | 'none' }>;
type HmacAuth = z.infer<typeof hmacAuth>;

/** Whether senders sign with a secret that they share with the connector. */
export function isSignedWithSecret(auth: AuthConfig): auth is SignatureAuth {
  return auth.type === 'hmac' || isPreset(auth);
}

export function isPublicKeyAuth(auth: AuthConfig): auth is PublicKeyAuth {
  return auth.type in publicKeyPresets;
}

/** Facts about a connector's senders besides how they sign; `null` if there are none. */
export function senderOf(auth: AuthConfig): KnownSender | null {
  if (isPublicKeyAuth(auth)) return publicKeyPresets[auth.type];
  if (auth.type === 'sns') return sns;
  return isPreset(auth) ? presets[auth.type] : null;
}

type KnownSender = Pick<SignaturePreset, 'repeats' | 'eventHeaders' | 'otherHeaders' | 'signatureIn'>;

export const sns = {
  title: 'Amazon SNS',
  // The id that was verified counts, see `Authenticated`.
  repeats: null,
  eventHeaders: ['x-amz-sns-message-type', 'x-amz-sns-message-id', 'x-amz-sns-topic-arn'],
} as const satisfies KnownSender & { title: string };

function isPreset(auth: AuthConfig): auth is Extract<AuthConfig, { type: PresetName }> {
  return auth.type in presets;
}

/** The form field that contains the whole event as JSON, for senders that post forms. */
export function jsonFieldOf(auth: AuthConfig): string | null {
  const known: SignaturePreset | null = isPreset(auth) ? presets[auth.type] : null;
  return known?.jsonField ?? null;
}

/** The signature schemes of a connector's senders, the usual headers first. */
export function schemesOf(auth: SignatureAuth): readonly SignatureScheme[] {
  const other = senderOf(auth)?.otherHeaders;
  return other === undefined ? [schemeOf(auth)] : [schemeOf(auth), other];
}

export function schemeOf(auth: SignatureAuth): SignatureScheme {
  return auth.type === 'hmac' ? schemeOfHmac(auth) : presets[auth.type].scheme;
}

function schemeOfHmac(auth: HmacAuth): SignatureScheme {
  const { header, prefix, separator, timestamp_header, algorithm, encoding } = auth;
  const usual = timestamp_header === null ? '{body}' : '{timestamp}.{body}';
  return {
    header,
    carrier: { kind: 'single', prefix, ...(separator === null ? {} : { separator }) },
    timestamp: timestamp_header === null ? null : { header: timestamp_header, unit: auth.timestamp_unit },
    idHeader: auth.id_header,
    signedContent: auth.signed_content ?? usual,
    algorithm,
    encoding,
    key: 'text',
  };
}
