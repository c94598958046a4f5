import * as z from 'zod';
import { origin } from '../../core/connectors/browser-origin.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import { parseOnce } from '../../core/connectors/connector-config.ts';

export const syncConfig = z.strictObject({
  require_auth: z.boolean().default(true).meta({
    title: 'Require authentication',
    description:
      'Clients must know the secret. Without authentication, everyone who knows the URL can start runs.',
  }),
  streaming: z.boolean().default(true).meta({
    title: 'Streaming',
    description: 'Send the answer in pieces, as the model writes it. Otherwise, send it as a whole.',
  }),
  progress_events: z.boolean().default(false).meta({
    title: 'Progress events',
    description: 'Report model calls and tool calls to the client, by name, about once a second.',
  }),
  session_timeout: z.int().min(60).max(86_400).default(3_600).meta({
    title: 'Session timeout (seconds)',
    description: 'Connections are closed after this time without a message.',
  }),
  max_messages_per_session: z.int().min(1).max(10_000).default(100).meta({
    title: 'Messages per session',
    description: 'After this number of messages, a connection is closed.',
  }),
  allowed_origins: z.array(origin).max(100).default([]).meta({
    title: 'Allowed origins',
    description:
      'Origins, such as https://app.example.com, whose pages may connect from a browser. Empty: with authentication, every page that knows the secret; without authentication, none.',
  }),
});

const parsed = parseOnce((config) => syncConfig.parse(config));

/** @throws ZodError if the stored configuration is not valid */
export function configOf({ config }: Pick<Connector, 'config'>): z.infer<typeof syncConfig> {
  return parsed(config);
}
