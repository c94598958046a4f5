import type { SignatureScheme } from './signature-scheme.ts';

/** A sender that many know: how it signs, and what else of its requests has a known meaning. */
export interface SignaturePreset {
  readonly title: string;
  /** The headers to be seen in its requests, for the form and the documentation. */
  readonly description: string;
  readonly scheme: SignatureScheme;
  /** What stays the same whenever the sender sends an event again: a header, or a value at a dot path of the body. */
  readonly repeats: { readonly header: string } | { readonly bodyPath: string };
  /** Headers that say something of the event and prove nothing: the agent may see them. `name-*` means all that begin so. */
  readonly eventHeaders: readonly string[];
  /** The field with the whole event as JSON, where the sender can be set to post forms. */
  readonly jsonField?: string;
}

const hexOfSha256 = { algorithm: 'sha256', encoding: 'hex', key: 'text' } as const;

/** Every preset by its name: the `type` of a connector's `auth`. */
export const presets = {
  /** standardwebhooks.com, "Signature scheme". */
  'standard-webhooks': {
    title: 'Standard Webhooks',
    description: 'webhook-id, webhook-timestamp, webhook-signature.',
    scheme: {
      header: 'webhook-signature',
      carrier: { kind: 'entries', separator: ' ', assignment: ',', signature: 'v1' },
      timestamp: { header: 'webhook-timestamp' },
      idHeader: 'webhook-id',
      signedContent: '{id}.{timestamp}.{body}',
      algorithm: 'sha256',
      encoding: 'base64',
      key: 'standard-webhooks',
    },
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
} as const satisfies Record<string, SignaturePreset>;

export type PresetName = keyof typeof presets;

export const presetNames: readonly PresetName[] = Object.keys(presets).filter(
  (name): name is PresetName => name in presets,
);

/** How `X-Connic-Signature` of an outbound webhook is made. */
export const connicScheme: SignatureScheme = {
  ...hexOfSha256,
  header: 'x-connic-signature',
  carrier: { kind: 'single', prefix: '' },
  timestamp: { header: 'x-connic-timestamp' },
  idHeader: null,
  signedContent: '{timestamp}.{body}',
};
