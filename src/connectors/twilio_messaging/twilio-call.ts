import * as z from 'zod';
import { type CallContext, callApi, jsonOf } from '../../providers/call-api.ts';
import type { FailedCall } from '../../providers/sent-by-call.ts';

/** The server to call and the account that calls it. */
export interface TwilioAccess {
  /** Base URL of the API. */
  readonly apiUrl: string;
  readonly accountSid: string;
  readonly authToken: string;
}

/** twilio.com/docs/usage/twilios-response, "Exceptions". */
const problem = z.object({ code: z.number(), message: z.string() });

/** Advice for some codes (twilio.com/docs/api/errors). */
const hints: Readonly<Record<number, string>> = {
  20003: ' Check the account SID, the auth token, and the region.',
  21606: ' Check the sender: it must be a number of this account.',
  21659: ' Check the sender: it must be a number of this account.',
  63016: ' Use a content template.',
};

export type TwilioCall =
  | { readonly outcome: 'ok'; readonly status: number; readonly result: unknown; readonly text: string }
  | FailedCall;

export function basicAuth({ accountSid, authToken }: TwilioAccess): string {
  return `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
}

/**
 * Calls a resource of the account. Never throws on network errors.
 *
 * @param path below the account: `/Messages.json`
 * @param form absent to read the resource
 */
export async function callTwilio(
  access: TwilioAccess,
  path: string,
  form: URLSearchParams | null,
  context: CallContext,
): Promise<TwilioCall> {
  const url = `${access.apiUrl}/2010-04-01/Accounts/${access.accountSid}${path}`;
  const headers = { authorization: basicAuth(access), 'user-agent': 'Agent-Connectors' };
  const call = await callApi(
    form === null
      ? { method: 'GET', url, headers }
      : {
          method: 'POST',
          url,
          headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' },
          body: form.toString(),
        },
    context,
  );
  if (call.outcome === 'unanswered') {
    const error = `Twilio could not be called: ${call.error}`;
    const mayPass = call.reason === 'network';
    return { outcome: 'error', error, mayPass, retryAfterMs: 0, status: null, text: null };
  }
  const { status, body, retryAfterMs } = call;
  const text = body.toString();
  if (status >= 200 && status < 300) return { outcome: 'ok', status, result: jsonOf(body), text };
  const named = problem.safeParse(jsonOf(body)).data;
  const error =
    named === undefined
      ? `Twilio responded with ${status}.`
      : `Twilio responded with the error ${named.code}: ${named.message.replace(/\.?$/, '.')}${hints[named.code] ?? ''}`;
  return { outcome: 'error', error, mayPass: status === 429 || status >= 500, retryAfterMs, status, text };
}
