import * as z from 'zod';
import type { ProbeContext, Probed } from '../../core/connectors/connector-type.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { notItsApi } from '../../providers/api-url.ts';
import { apiUrlOf, credentialFields } from './account-fields.ts';
import { inboundConfigOf } from './inbound-config.ts';
import { outboundConfigOf } from './outbound-config.ts';
import { callTwilio } from './twilio-call.ts';

/** twilio.com/docs/iam/api/account, "Account resource". */
const account = z.object({ friendly_name: z.string(), status: z.string() });

/** Looks up the account at Twilio. */
export function probeInbound(config: JsonObject, context: ProbeContext): Promise<Probed> {
  return probe(inboundConfigOf(config), context);
}

/** Looks up the account at Twilio. Sends no message. */
export function probeOutbound(config: JsonObject, context: ProbeContext): Promise<Probed> {
  return probe(outboundConfigOf(config), context);
}

/** Looks up the account of a connection at Twilio. */
export function probeAccount(config: JsonObject, context: ProbeContext): Promise<Probed> {
  return probe(storedConnection.parse(config), context);
}

const storedConnection = credentialFields.omit({ auth_token: true });

async function probe(
  config: Parameters<typeof apiUrlOf>[0] & { readonly account_sid: string },
  context: ProbeContext,
): Promise<Probed> {
  const authToken = context.secrets['auth_token'] ?? '';
  const access = { apiUrl: apiUrlOf(config), accountSid: config.account_sid, authToken };
  const call = await callTwilio(access, '.json', null, context);
  if (call.outcome === 'error') return { outcome: 'failed', error: call.error };
  const known = account.safeParse(call.result).data;
  if (known === undefined) return { outcome: 'failed', error: notItsApi('Twilio') };
  const { friendly_name: name, status } = known;
  if (status === 'active')
    return { outcome: 'reached', detail: `Twilio accepts the credentials of the account "${name}".` };
  return { outcome: 'failed', error: `Twilio says that the account "${name}" is ${status}.` };
}
