import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/parse-once.ts';
import type { RateLimit } from '../../core/ports/rate-limiter.ts';
import { checkTogether, receivingFields } from './receiving-fields.ts';

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
