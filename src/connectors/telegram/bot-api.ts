import * as z from 'zod';
import { type ApiCall, type CallContext, callApi, jsonOf } from '../../providers/call-api.ts';
import type { FailedCall } from '../../providers/sent-by-call.ts';

/** The server to call and the bot that calls it. */
export interface BotAccess {
  /** Base URL of the Bot API. */
  readonly apiUrl: string;
  readonly botToken: string;
}

/** core.telegram.org/bots/api, "Making requests". */
const answer = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

export type BotCall =
  | { readonly outcome: 'ok'; readonly result: unknown; readonly text: string }
  | (FailedCall & {
      /** Telegram's description; empty if there is none. */
      readonly description: string;
    });

/** A request for a Bot API method. Its URL contains the token: never show it. */
export function botRequest(
  { apiUrl, botToken }: BotAccess,
  method: string,
  parameters: Readonly<Record<string, unknown>> = {},
) {
  return {
    method: 'POST',
    url: `${apiUrl}/bot${botToken}/${method}`,
    headers: { 'content-type': 'application/json', 'user-agent': 'Agent-Connectors' },
    body: JSON.stringify(parameters),
  };
}

/** Calls a method of the Bot API. Never throws on network errors. */
export async function callBot(
  access: BotAccess,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
  context: CallContext,
): Promise<BotCall> {
  return readBotCall(await callApi(botRequest(access, method, parameters), context));
}

export function readBotCall(call: ApiCall): BotCall {
  if (call.outcome === 'unanswered') {
    const error = `Telegram could not be called: ${call.error}`;
    const mayPass = call.reason === 'network';
    return { outcome: 'error', error, description: '', mayPass, retryAfterMs: 0, status: null, text: null };
  }
  const { status, body } = call;
  const text = body.toString();
  const parsed = answer.safeParse(jsonOf(body)).data;
  if (status === 200 && parsed?.ok) return { outcome: 'ok', result: parsed.result, text };
  const description = parsed?.description ?? '';
  const error =
    description === ''
      ? `Telegram responded with ${status}.`
      : `Telegram responded: ${description}.${hintFor(description)}`;
  const askedMs = (parsed?.parameters?.retry_after ?? 0) * 1_000;
  const mayPass = status === 429 || status >= 500;
  return {
    outcome: 'error',
    error,
    description,
    mayPass,
    retryAfterMs: Math.max(askedMs, call.retryAfterMs),
    status,
    text,
  };
}

/** Advice for some descriptions. */
const hints: readonly (readonly [RegExp, string])[] = [
  [/^Unauthorized$/, " Enter the bot's current token."],
  [
    /chat not found|blocked by the user|can't initiate conversation/,
    ' The person must start the bot, or the group must add it.',
  ],
];

function hintFor(description: string): string {
  return hints.find(([pattern]) => pattern.test(description))?.[1] ?? '';
}
