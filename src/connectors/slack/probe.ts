import * as z from 'zod';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { notItsApi } from '../../providers/api-url.ts';
import { inboundConfigOf, outboundConfigOf, scopesOfEvents, slackApiUrl } from './config.ts';
import { callSlack } from './slack-call.ts';

/** Asks Slack who owns the bot token, and whether it may receive the configured events. */
export function probeInbound(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const { api_url: apiUrl, events } = inboundConfigOf(config);
  const scopes = events.flatMap((kind) => scopesOfEvents[kind] ?? []);
  return probe(apiUrl, scopes, context);
}

/** Asks Slack who owns the bot token, and whether it may post messages. */
export function probeOutbound(config: JsonObject, context: ProbeContext): Promise<Probed> {
  return probe(outboundConfigOf(config).api_url, ['chat:write'], context);
}

/** Asks Slack who owns the bot token of a connection. */
export function probeApp(config: JsonObject, context: ProbeContext): Promise<Probed> {
  return probe(connectionOf.parse(config).api_url, [], context);
}

const connectionOf = z.object({ api_url: slackApiUrl });
const identity = z.object({ user: z.string(), team: z.string() });

async function probe(apiUrl: string, needed: readonly string[], context: ProbeContext): Promise<Probed> {
  const botToken = context.secrets['bot_token'];
  if (botToken === undefined) {
    return { outcome: 'failed', error: 'Enter the bot token: without it, there is nothing to test.' };
  }
  const call = await callSlack({ apiUrl, botToken }, 'auth.test', {}, context);
  if (call.outcome === 'error') return { outcome: 'failed', error: call.error };
  const who = identity.safeParse(call.answer);
  if (!who.success) return { outcome: 'failed', error: notItsApi('Slack') };
  const missing = call.scopes === null ? [] : needed.filter((scope) => !call.scopes?.includes(scope));
  if (missing.length > 0) {
    const error = `The bot token lacks the scopes ${missing.join(', ')}: add them, and install the app again.`;
    return { outcome: 'failed', error };
  }
  const { user, team } = who.data;
  return {
    outcome: 'reached',
    detail: `Slack knows the token as the bot "${user}" in the workspace "${team}".`,
  };
}
