import * as z from 'zod';
import { origin } from '../../core/connectors/browser-origin.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';

/** Longest wait for a result: API Gateway's idle limit for streaming integrations. */
const longestTimeoutSeconds = 300;

const receivingFields = {
  allowed_origins: z.array(origin).max(100).default([]).meta({
    title: 'Allowed origins',
    description:
      'Origins, such as https://app.example.com, whose pages may connect from a browser. No other page may.',
  }),
};

export const inboundConfig = z.strictObject(receivingFields);

export const syncConfig = z.strictObject({
  ...receivingFields,
  timeout_seconds: z.int().min(1).max(longestTimeoutSeconds).default(longestTimeoutSeconds).meta({
    title: 'Timeout (seconds)',
    description: 'After this time, the tool reports the run id as an error, and the run continues.',
  }),
});

const parsed = {
  inbound: parseOnce((config) => inboundConfig.parse(config)),
  sync: parseOnce((config) => syncConfig.parse(config)),
};

/** The origins whose pages may connect. @throws ZodError where the stored configuration is not valid */
export function allowedOriginsOf({ mode, config }: Pick<Connector, 'mode' | 'config'>): readonly string[] {
  return parsed[mode === 'sync' ? 'sync' : 'inbound'](config).allowed_origins;
}

/** How long a tool call waits for its run, in ms. @throws ZodError as `allowedOriginsOf` */
export function deadlineMs({ config }: Pick<Connector, 'config'>): number {
  return parsed.sync(config).timeout_seconds * 1_000;
}
