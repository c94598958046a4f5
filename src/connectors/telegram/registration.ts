import * as z from 'zod';
import type { ConnectorSecrets } from '../../core/connectors/connector-secrets.ts';
import type { Registered, Registration, RegistrationContext } from '../../core/connectors/registration.ts';
import { type BotCall, callBot } from './bot-api.ts';
import { botIdOf, inboundConfigOf } from './config.ts';
import { updateKinds } from './update.ts';

/** The webhook of the connector's bot (core.telegram.org/bots/api, "setWebhook"). */
export const webhookOfBot: Registration = {
  account: (_connector, secrets) => botIdOf(tokenOf(secrets)),

  async register(context) {
    const { url, secrets } = context;
    const webhook = { url, secret_token: secrets.current, allowed_updates: updateKinds };
    return registered(await call(context, 'setWebhook', webhook));
  },

  /** Keeps a webhook that was set elsewhere in the meantime. */
  async unregister(context) {
    const known = await call(context, 'getWebhookInfo', {});
    if (known.outcome === 'error') return registered(known);
    if (webhookInfo.safeParse(known.result).data?.url !== context.url) return { outcome: 'done' };
    return registered(await call(context, 'deleteWebhook', {}));
  },
};

/** core.telegram.org/bots/api, "WebhookInfo". */
export const webhookInfo = z.object({ url: z.string(), last_error_message: z.string().optional() });

function call(
  { connector, secrets, ...context }: RegistrationContext,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<BotCall> {
  const { api_url: apiUrl } = inboundConfigOf(connector.config);
  return callBot({ apiUrl, botToken: tokenOf(secrets) }, method, parameters, context);
}

function tokenOf({ config }: ConnectorSecrets): string {
  return config['bot_token'] ?? '';
}

function registered(called: BotCall): Registered {
  if (called.outcome === 'ok') return { outcome: 'done' };
  return { outcome: 'failed', error: called.error };
}
