import * as z from 'zod';
import { jsonObject } from '../../core/json/json-value.ts';
import { type ApiCall, type CallContext, callApi, jsonOf } from '../../providers/call-api.ts';
import type { FailedCall } from '../../providers/sent-by-call.ts';

/** The server to call and the token to use. */
export interface SlackAccess {
  /** Base URL of the Web API. */
  readonly apiUrl: string;
  readonly botToken: string;
}

const answer = z.looseObject({
  ok: z.boolean(),
  /** Slack's name for the error. */
  error: z.string().optional(),
  /** The missing scope, with `missing_scope`. */
  needed: z.string().optional(),
});

export type SlackCall =
  | {
      readonly outcome: 'ok';
      readonly answer: z.infer<typeof answer>;
      /** Scopes of the token, if Slack lists them. */
      readonly scopes: readonly string[] | null;
      readonly text: string;
    }
  | FailedCall;

/** Slack errors after which another call may succeed (docs.slack.dev, "chat.postMessage": errors). */
const passing = new Set([
  'fatal_error',
  'internal_error',
  'ratelimited',
  'rate_limited',
  'request_timeout',
  'service_unavailable',
  'team_added_to_org',
]);

/** Advice for some errors. */
const hints: Readonly<Record<string, string>> = {
  channel_not_found: 'Check the channel, and invite the app if the channel is private.',
  not_in_channel: 'Invite the app to the channel.',
  is_archived: 'The channel is archived.',
  invalid_auth: "Check the connector's bot token.",
  not_authed: "Check the connector's bot token.",
  token_revoked: 'Install the app again and enter its new bot token.',
  account_inactive: 'Install the app again and enter its new bot token.',
};

/** Calls a method of Slack's Web API. Never throws on network errors. */
export async function callSlack(
  { apiUrl, botToken }: SlackAccess,
  method: string,
  parameters: Readonly<Record<string, unknown>>,
  context: CallContext,
): Promise<SlackCall> {
  const headers = {
    authorization: `Bearer ${botToken}`,
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Agent-Connectors',
  };
  const body = JSON.stringify(parameters);
  const call = await callApi({ method: 'POST', url: `${apiUrl}/${method}`, headers, body }, context);
  return readCall(call);
}

function readCall(call: ApiCall): SlackCall {
  if (call.outcome === 'unanswered') {
    const error = `Slack could not be called: ${call.error}`;
    return {
      outcome: 'error',
      error,
      mayPass: call.reason === 'network',
      retryAfterMs: 0,
      status: null,
      text: null,
    };
  }
  const { status, body, headers } = call;
  const answered = { retryAfterMs: call.retryAfterMs, status, text: body.toString() };
  const parsed = answer.safeParse(jsonObject.safeParse(jsonOf(body)).data);
  if (parsed.success && parsed.data.ok && status === 200) {
    const scopes = headers['x-oauth-scopes'];
    const listed = typeof scopes === 'string' ? scopes.split(/[ ,]+/).filter(Boolean) : null;
    return { outcome: 'ok', answer: parsed.data, scopes: listed, text: answered.text };
  }
  const name = parsed.data?.error ?? '';
  const error =
    parsed.success && name !== '' ? sentenceOf(name, parsed.data.needed) : `Slack responded with ${status}.`;
  const mayPass = status === 429 || status >= 500 || passing.has(name);
  return { outcome: 'error', error, mayPass, ...answered };
}

function sentenceOf(name: string, needed: string | undefined): string {
  const scope = needed === undefined ? undefined : `The bot token needs the scope ${needed}.`;
  const hint = scope ?? hints[name];
  return `Slack responded with the error "${name}".${hint === undefined ? '' : ` ${hint}`}`;
}
