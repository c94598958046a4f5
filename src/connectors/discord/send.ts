import * as z from 'zod';
import type { ProbeContext, Probed, SendContext, Sent } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { type CallContext, callApi, jsonOf } from '../../providers/call-api.ts';
import { PartSender } from '../../providers/send-in-parts.ts';
import { type FailedCall, notSent, sentByCall } from '../../providers/sent-by-call.ts';
import { splitText } from '../../providers/split-text.ts';
import { outboundConfigOf, webhookOf } from './config.ts';
import { ephemeralFlag } from './interaction.ts';
import type { DiscordMessage, MessageTarget } from './prepare.ts';

/** docs.discord.com, "Webhook Resource", "Execute Webhook": `content`. */
const longestText = 2_000;

interface PartedMessage extends DiscordMessage {
  readonly parts: readonly string[];
}

const sender = new PartSender<PartedMessage>(async (message, index, context) => {
  const { apiUrl, target, parts } = message;
  if (typeof target === 'string') return notSent(target);
  const isAnswer = target.kind === 'reply' && index === 0;
  // Discord's default, stated because results may contain what others wrote: a mention of everyone notifies nobody.
  const body = JSON.stringify({
    content: parts[index],
    allowed_mentions: { parse: ['users'] },
    // The first message is as private as its deferred answer; each further one is public without the flag.
    ...(target.ephemeral === true && !isAnswer ? { flags: ephemeralFlag } : {}),
  });
  const call = await callDiscord(
    apiUrl,
    isAnswer ? 'PATCH' : 'POST',
    pathOf(target, isAnswer),
    body,
    context,
  );
  // The answer can be faster than Discord's own processing of the command.
  const isEarly = target.kind === 'reply' && call.outcome === 'error' && call.status === 404;
  return sentByCall(isEarly ? { ...call, mayPass: true } : call, context);
});

function pathOf({ kind, id, token, threadId }: MessageTarget, isAnswer: boolean): string {
  const path = `/webhooks/${id}/${token}`;
  if (kind === 'reply') return isAnswer ? `${path}/messages/@original` : path;
  return `${path}?wait=true${threadId === undefined ? '' : `&thread_id=${threadId}`}`;
}

/** Sends a result, split into several messages if it is long. */
export async function send(message: DiscordMessage, context: SendContext): Promise<Sent> {
  if (typeof message.target === 'string') return notSent(message.target);
  return sender.send({ ...message, parts: splitText(message.text, longestText) }, context);
}

/** docs.discord.com, "Reference", "Error Messages", and "Rate Limits". */
const problem = z.object({ code: z.number().optional(), message: z.string() });
const limited = z.object({ retry_after: z.number().nonnegative() });

type DiscordCall =
  | { readonly outcome: 'ok'; readonly status: number; readonly result: unknown; readonly text: string }
  | FailedCall;

/** Calls the API. Never throws on network errors. @param path contains a token: never show it */
async function callDiscord(
  apiUrl: string,
  method: 'GET' | 'POST' | 'PATCH',
  path: string,
  body: string | undefined,
  context: CallContext,
): Promise<DiscordCall> {
  const headers = { 'content-type': 'application/json', 'user-agent': 'DiscordBot (agent-connectors, 1)' };
  const request = { method, url: `${apiUrl}${path}`, headers, ...(body === undefined ? {} : { body }) };
  const call = await callApi(request, context);
  if (call.outcome === 'unanswered') {
    const error = `Discord could not be called: ${call.error}`;
    const mayPass = call.reason === 'network';
    return { outcome: 'error', error, mayPass, retryAfterMs: 0, status: null, text: null };
  }
  const { status } = call;
  const text = call.body.toString();
  const result = jsonOf(call.body);
  if (status >= 200 && status < 300) return { outcome: 'ok', status, result, text };
  const { code, message } = problem.safeParse(result).data ?? {};
  const error =
    message === undefined
      ? `Discord responded with ${status}.`
      : `Discord responded with the error ${code ?? status}: ${message.replace(/\.?$/, '.')}`;
  const askedMs = Math.ceil((limited.safeParse(result).data?.retry_after ?? 0) * 1_000);
  const retryAfterMs = Math.max(askedMs, call.retryAfterMs);
  return { outcome: 'error', error, mayPass: status === 429 || status >= 500, retryAfterMs, status, text };
}

const webhook = z.object({ name: z.string().nullable() });

/** Asks Discord for the webhook, or, without one, whether it can be reached: answers need no credentials. */
export async function probeOutbound(config: JsonObject, context: ProbeContext): Promise<Probed> {
  const { api_url: apiUrl } = outboundConfigOf(config);
  const found = webhookOf(context.secrets['webhook_url'] ?? '');
  const path = found === null ? '/gateway' : `/webhooks/${found.id}/${found.token}`;
  const call = await callDiscord(apiUrl, 'GET', path, undefined, context);
  if (call.outcome === 'error') return { outcome: 'failed', error: call.error };
  if (found === null)
    return { outcome: 'reached', detail: 'Discord can be reached. Answers to commands need no credentials.' };
  const name = webhook.safeParse(call.result).data?.name ?? found.id;
  return { outcome: 'reached', detail: `Discord knows the webhook "${name}".` };
}
