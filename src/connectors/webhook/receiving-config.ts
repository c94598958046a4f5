import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { parseOnce } from '../../core/connectors/parse-once.ts';
import type { RateLimit } from '../../core/ports/rate-limiter.ts';
import { checkTogether, receivingFields } from './receiving-fields.ts';

/** Longest wait for a result: what API Gateway allows a streaming integration without a byte. */
const longestTimeoutSeconds = 300;

const inboundConfig = z.strictObject(receivingFields).superRefine(checkTogether);
const syncConfig = z
  .strictObject({
    ...receivingFields,
    timeout_seconds: z.int().min(1).max(longestTimeoutSeconds).default(longestTimeoutSeconds).meta({
      title: 'Timeout (seconds)',
      description: 'After this time the caller is answered 202, and the run goes on.',
    }),
  })
  .superRefine(checkTogether);

export type ReceivingConfig = z.infer<typeof inboundConfig> & Partial<z.infer<typeof syncConfig>>;

const receivingConfigs = {
  sync: parseOnce((config): ReceivingConfig => syncConfig.parse(config)),
  inbound: parseOnce((config): ReceivingConfig => inboundConfig.parse(config)),
};

/** The configuration of an inbound or sync connector. @throws ZodError where the stored one is not valid */
export function receivingConfig({ mode, config }: Connector): ReceivingConfig {
  return receivingConfigs[mode === 'sync' ? 'sync' : 'inbound'](config);
}

/** The rate limit as the core counts it. */
export function rateLimitOf({ rate_limit }: ReceivingConfig): RateLimit | undefined {
  return rate_limit === null
    ? undefined
    : { requests: rate_limit.requests, perSeconds: rate_limit.per_seconds };
}

/** How long a sync connector's caller waits, in ms. */
export function syncDeadlineMs(connector: Connector): number {
  return (receivingConfig(connector).timeout_seconds ?? longestTimeoutSeconds) * 1_000;
}

/**
 * Makes the secret of an inbound or sync connector. Hex digits stand in a query string as they are and are valid
 * Base64 too, so the same text serves as a plain secret and as a Standard Webhooks key.
 */
function makeSecret(entropy: (count: number) => Uint8Array): string {
  return `whsec_${Buffer.from(entropy(32)).toString('hex')}`;
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

export const inboundMode: ModeDescription = {
  summary: 'POST or GET a URL; answers with the ids of the runs as soon as they are stored.',
  config: inboundConfig,
  makeSecret,
  urlPath: (connectorId) => `/webhooks/${connectorId}`,
  samples: [
    ...receivingSamples,
    { title: 'At most 10 requests a second', config: { rate_limit: { requests: 10, per_seconds: 1 } } },
  ],
};

export const syncMode: ModeDescription = {
  summary: 'POST or GET a URL; answers with the result when the agent has ended.',
  config: syncConfig,
  makeSecret,
  urlPath: (connectorId) => `/webhooks/${connectorId}/sync`,
  samples: [
    ...receivingSamples,
    { title: 'For callers that wait 30 seconds', config: { timeout_seconds: 30 } },
  ],
};
