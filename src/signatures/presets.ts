import type { SignatureScheme } from './signature-scheme.ts';

/** The place of a request's event id: a header, or a dot path in the body. */
export type EventIdentity = { readonly header: string } | { readonly bodyPath: string };

/** A well-known sender: how it signs, and which other parts of its requests have a known meaning. */
export interface SignaturePreset {
  readonly title: string;
  /** The headers that identify its requests, for the form and the documentation. */
  readonly description: string;
  readonly scheme: SignatureScheme;
  /** The same signature in other headers, if some senders of the scheme use them. */
  readonly otherHeaders?: SignatureScheme;
  /** The id that stays the same when the sender repeats an event; `null` if there is none. */
  readonly repeats: EventIdentity | null;
  /** Headers that describe the event and prove nothing: the agent may see them. `name-*` matches by prefix. */
  readonly eventHeaders: readonly string[];
  /** The form field with the whole event as JSON, if the sender can post forms. */
  readonly jsonField?: string;
  /**
   * For senders that put the signature into the body: the objects that may contain its parts, `null` for the body
   * itself. The names in `scheme` are then those of fields.
   */
  readonly signatureIn?: readonly (string | null)[];
  /** How far the time of a signature may be from now by default, in seconds; 300 unless the sender needs more. */
  readonly toleranceSeconds?: number;
}

const hexOfSha256 = { algorithm: 'sha256', encoding: 'hex', key: 'text' } as const;

/** standardwebhooks.com, "Signature scheme". */
const standardWebhooks = {
  header: 'webhook-signature',
  carrier: { kind: 'entries', separator: ' ', assignment: ',', signature: 'v1' },
  timestamp: { header: 'webhook-timestamp' },
  idHeader: 'webhook-id',
  signedContent: '{id}.{timestamp}.{body}',
  algorithm: 'sha256',
  encoding: 'base64',
  key: 'standard-webhooks',
} as const satisfies SignatureScheme;

/** docs.svix.com, "Verifying webhooks": the origin of Standard Webhooks. */
const svix = {
  ...standardWebhooks,
  header: 'svix-signature',
  timestamp: { header: 'svix-timestamp' },
  idHeader: 'svix-id',
} as const satisfies SignatureScheme;

/** documentation.mailgun.com, "Securing Webhooks". */
const mailgun = {
  ...hexOfSha256,
  header: 'signature',
  carrier: { kind: 'single', prefix: '' },
  timestamp: { header: 'timestamp' },
  idHeader: 'token',
  signedContent: '{timestamp}{id}',
} as const satisfies SignatureScheme;

const single = (prefix: string) => ({ kind: 'single', prefix }) as const;
const entries = (separator: string, signature: string) =>
  ({ kind: 'entries', separator, assignment: '=', signature }) as const;

/** Every preset by name: the `type` of a connector's `auth`. */
export const presets = {
  'standard-webhooks': {
    title: 'Standard Webhooks',
    description: 'webhook-id, webhook-timestamp, webhook-signature; svix-id and its like, too.',
    scheme: standardWebhooks,
    otherHeaders: svix,
    repeats: { header: 'webhook-id' },
    eventHeaders: ['webhook-id', 'webhook-timestamp'],
  },
  /** docs.github.com, "Validating webhook deliveries". */
  github: {
    title: 'GitHub',
    description: 'X-Hub-Signature-256.',
    scheme: {
      ...hexOfSha256,
      header: 'x-hub-signature-256',
      carrier: { kind: 'single', prefix: 'sha256=' },
      timestamp: null,
      idHeader: null,
      signedContent: '{body}',
    },
    repeats: { header: 'x-github-delivery' },
    eventHeaders: ['x-github-*'],
    jsonField: 'payload',
  },
  /** docs.stripe.com, "Verify webhook signatures manually". */
  stripe: {
    title: 'Stripe',
    description: 'Stripe-Signature.',
    scheme: {
      ...hexOfSha256,
      header: 'stripe-signature',
      carrier: { kind: 'entries', separator: ',', assignment: '=', signature: 'v1' },
      timestamp: { entry: 't' },
      idHeader: null,
      signedContent: '{timestamp}.{body}',
    },
    repeats: { bodyPath: 'id' },
    eventHeaders: [],
  },
  /** docs.slack.dev, "Verifying requests from Slack". */
  slack: {
    title: 'Slack',
    description: 'X-Slack-Signature and X-Slack-Request-Timestamp.',
    scheme: {
      ...hexOfSha256,
      header: 'x-slack-signature',
      carrier: { kind: 'single', prefix: 'v0=' },
      timestamp: { header: 'x-slack-request-timestamp' },
      idHeader: null,
      signedContent: 'v0:{timestamp}:{body}',
    },
    repeats: { bodyPath: 'event_id' },
    eventHeaders: ['x-slack-retry-num', 'x-slack-retry-reason'],
  },
  svix: {
    title: 'Svix',
    description: 'svix-id, svix-timestamp, svix-signature.',
    scheme: svix,
    repeats: { header: 'svix-id' },
    eventHeaders: ['svix-id', 'svix-timestamp'],
  },
  /** shopify.dev, "Verify webhook deliveries". */
  shopify: {
    title: 'Shopify',
    description: 'X-Shopify-Hmac-Sha256.',
    scheme: {
      ...hexOfSha256,
      encoding: 'base64',
      header: 'x-shopify-hmac-sha256',
      carrier: single(''),
      timestamp: null,
      idHeader: null,
      signedContent: '{body}',
    },
    // The event id is that of the merchant's action, and the same for each of its topics.
    repeats: { header: 'x-shopify-webhook-id' },
    eventHeaders: ['x-shopify-*'],
  },
  /** developer.paddle.com, "Verify webhook signatures". */
  paddle: {
    title: 'Paddle',
    description: 'Paddle-Signature.',
    scheme: {
      ...hexOfSha256,
      header: 'paddle-signature',
      carrier: entries(';', 'h1'),
      timestamp: { entry: 'ts' },
      idHeader: null,
      signedContent: '{timestamp}:{body}',
    },
    repeats: { bodyPath: 'event_id' },
    eventHeaders: [],
  },
  /** developers.zoom.us, "Verify webhook events". */
  zoom: {
    title: 'Zoom',
    description: 'x-zm-signature and x-zm-request-timestamp.',
    scheme: {
      ...hexOfSha256,
      header: 'x-zm-signature',
      carrier: single('v0='),
      timestamp: { header: 'x-zm-request-timestamp' },
      idHeader: null,
      signedContent: 'v0:{timestamp}:{body}',
    },
    repeats: null,
    eventHeaders: [],
  },
  /** developer.calendly.com, "Webhook signatures". */
  calendly: {
    title: 'Calendly',
    description: 'Calendly-Webhook-Signature.',
    scheme: {
      ...hexOfSha256,
      header: 'calendly-webhook-signature',
      carrier: entries(',', 'v1'),
      timestamp: { entry: 't' },
      idHeader: null,
      signedContent: '{timestamp}.{body}',
    },
    repeats: null,
    eventHeaders: [],
  },
  /** developer.zendesk.com, "Verifying webhook authenticity". */
  zendesk: {
    title: 'Zendesk',
    description: 'X-Zendesk-Webhook-Signature and X-Zendesk-Webhook-Signature-Timestamp.',
    scheme: {
      ...hexOfSha256,
      encoding: 'base64',
      header: 'x-zendesk-webhook-signature',
      carrier: single(''),
      timestamp: { header: 'x-zendesk-webhook-signature-timestamp', unit: 'iso' },
      idHeader: null,
      signedContent: '{timestamp}{body}',
    },
    repeats: { header: 'x-zendesk-webhook-invocation-id' },
    eventHeaders: ['x-zendesk-webhook-id', 'x-zendesk-webhook-invocation-id'],
  },
  /** developers.hubspot.com, "Validating requests", version 3. */
  hubspot: {
    title: 'HubSpot',
    description: 'X-HubSpot-Signature-v3 and X-HubSpot-Request-Timestamp.',
    scheme: {
      ...hexOfSha256,
      encoding: 'base64',
      header: 'x-hubspot-signature-v3',
      carrier: single(''),
      timestamp: { header: 'x-hubspot-request-timestamp', unit: 'milliseconds' },
      idHeader: null,
      signedContent: '{method}{url}{body}{timestamp}',
    },
    repeats: null,
    eventHeaders: [],
  },
  /** developer.squareup.com, "Verify and validate an event notification". */
  square: {
    title: 'Square',
    description: 'x-square-hmacsha256-signature.',
    scheme: {
      ...hexOfSha256,
      encoding: 'base64',
      header: 'x-square-hmacsha256-signature',
      carrier: single(''),
      timestamp: null,
      idHeader: null,
      signedContent: '{url}{body}',
    },
    repeats: { bodyPath: 'event_id' },
    eventHeaders: ['square-environment'],
  },
  /** developer.pagerduty.com, "Webhook signatures". */
  pagerduty: {
    title: 'PagerDuty',
    description: 'X-PagerDuty-Signature.',
    scheme: {
      ...hexOfSha256,
      header: 'x-pagerduty-signature',
      carrier: entries(',', 'v1'),
      timestamp: null,
      idHeader: null,
      signedContent: '{body}',
    },
    repeats: { bodyPath: 'event.id' },
    eventHeaders: ['x-webhook-subscription'],
  },
  /** twilio.com/docs/usage/webhooks/webhooks-security, "Validating signatures from Twilio". */
  twilio: {
    title: 'Twilio',
    description: 'X-Twilio-Signature.',
    scheme: {
      algorithm: 'sha1',
      encoding: 'base64',
      key: 'text',
      header: 'x-twilio-signature',
      carrier: single(''),
      timestamp: null,
      idHeader: null,
      signedContent: '{url}{parameters}',
      urlPort: 'optional',
    },
    repeats: { header: 'i-twilio-idempotency-token' },
    eventHeaders: [],
  },
  mailgun: {
    title: 'Mailgun',
    description: 'The fields signature, timestamp, and token in the body.',
    scheme: mailgun,
    // Mailgun signs events of subaccounts with the key of the main account, too.
    otherHeaders: { ...mailgun, header: 'parent-signature' },
    signatureIn: ['signature', null],
    // The signature covers nothing but time and token: the token that was verified counts once, which keeps the
    // signature from being used again.
    repeats: null,
    // As long as a token is remembered. Mailgun repeats for eight hours and asks receivers not to be strict.
    toleranceSeconds: 86_400,
    eventHeaders: [],
  },
} as const satisfies Record<string, SignaturePreset>;

export type PresetName = keyof typeof presets;

export const presetNames: readonly PresetName[] = Object.keys(presets).filter(
  (name): name is PresetName => name in presets,
);

/** The scheme of `X-Connic-Signature` in outbound webhooks. */
export const connicScheme: SignatureScheme = {
  ...hexOfSha256,
  header: 'x-connic-signature',
  carrier: { kind: 'single', prefix: '' },
  timestamp: { header: 'x-connic-timestamp' },
  idHeader: null,
  signedContent: '{timestamp}.{body}',
};
