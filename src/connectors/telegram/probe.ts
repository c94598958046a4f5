import * as z from 'zod';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { notItsApi } from '../../providers/api-url.ts';
import { type BotAccess, callBot } from './bot-api.ts';
import { inboundConfigOf, outboundConfigOf, telegramApiUrl } from './config.ts';
import { webhookInfo } from './registration.ts';

const bot = z.object({ username: z.string() });
const chat = z.object({ title: z.string().optional(), username: z.string().optional(), type: z.string() });

/** Asks Telegram who owns the token, and whether the bot already has a webhook. */
export async function probeInbound(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const access = { apiUrl: inboundConfigOf(config).api_url, botToken: context.secrets['bot_token'] ?? '' };
  const known = await identify(access, context);
  if (known.outcome === 'failed') return known;
  const called = await callBot(access, 'getWebhookInfo', {}, context);
  const url = called.outcome === 'ok' ? webhookInfo.safeParse(called.result).data?.url : undefined;
  const host = URL.parse(url ?? '')?.host;
  if (host === undefined) return known;
  return {
    outcome: 'reached',
    detail: `${known.detail.slice(0, -1)}; its webhook at ${host} will be replaced.`,
  };
}

/** Asks Telegram who owns the token, and whether the bot knows the default chat. */
export async function probeOutbound(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const { api_url: apiUrl, default_chat_id: chatId } = outboundConfigOf(config);
  const access = { apiUrl, botToken: context.secrets['bot_token'] ?? '' };
  const known = await identify(access, context);
  if (known.outcome === 'failed' || chatId === undefined) return known;
  const called = await callBot(access, 'getChat', { chat_id: chatId }, context);
  if (called.outcome === 'error') return { outcome: 'failed', error: called.error };
  const { title, username, type } = chat.safeParse(called.result).data ?? { type: 'unknown' };
  const name = title ?? username ?? chatId;
  return {
    outcome: 'reached',
    detail: `${known.detail.slice(0, -1)}; it can write to the ${type} chat "${name}".`,
  };
}

/** Asks Telegram who owns the token of a connection. */
export function probeBot(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const { api_url: apiUrl } = z.object({ api_url: telegramApiUrl }).parse(config);
  return identify({ apiUrl, botToken: context.secrets['bot_token'] ?? '' }, context);
}

async function identify(access: BotAccess, context: ProbeContext): Promise<Probed> {
  const called = await callBot(access, 'getMe', {}, context);
  if (called.outcome === 'error') return { outcome: 'failed', error: called.error };
  const who = bot.safeParse(called.result).data;
  if (who === undefined) return { outcome: 'failed', error: notItsApi('Telegram') };
  return { outcome: 'reached', detail: `Telegram knows the token as the bot @${who.username}.` };
}
