import * as z from 'zod';
import { otherApiUrl } from '../../providers/api-url.ts';

export const channels = ['sms', 'whatsapp', 'rcs'] as const;
export type Channel = (typeof channels)[number];

/**
 * Twilio's regions and their API hosts (twilio.com/docs/global-infrastructure, "Using the Twilio REST API in a non-US
 * Region").
 */
const hosts = {
  us1: 'api.twilio.com',
  ie1: 'api.dublin.ie1.twilio.com',
  au1: 'api.sydney.au1.twilio.com',
} as const;

/** A phone number, a short code, or the name of a sender. */
export const address = z
  .string()
  .max(64)
  .regex(
    /^[+\w][\w .-]*$/,
    'Enter a phone number such as +15551234567, or the ID of a sender, without "whatsapp:".',
  );

/** The account and the channel, for both modes. */
export const accountFields = {
  account_sid: z
    .string()
    .regex(/^AC[0-9a-f]{32}$/, 'An account SID begins with "AC", followed by 32 hexadecimal digits.')
    .meta({ title: 'Account SID', description: "From the Twilio Console's account dashboard." }),
  auth_token: z.string().min(1).max(128).meta({
    title: 'Auth token',
    description: 'Auth token of the same account and region.',
    secret: true,
  }),
  region: z.enum(['us1', 'ie1', 'au1']).default('us1').meta({
    title: 'Region',
    description: 'Where Twilio processes the messages: United States, Ireland, Australia.',
  }),
  channel: z
    .enum(channels)
    .default('sms')
    .meta({ title: 'Channel', description: 'SMS and MMS, WhatsApp, or RCS.' }),
  api_url: otherApiUrl,
};

const { account_sid, auth_token, region, api_url } = accountFields;

/** The account without a channel, which connectors can share. */
export const credentialFields = z.strictObject({ account_sid, auth_token, region, api_url });

export function apiUrlOf(config: { readonly region: keyof typeof hosts; readonly api_url?: string }): string {
  return config.api_url ?? `https://${hosts[config.region]}`;
}

/** An address in Twilio's form: `whatsapp:+15551234567`. */
export function withPrefix(channel: Channel, bare: string): string {
  return channel === 'sms' ? bare : `${channel}:${bare}`;
}

/** Splits an address in Twilio's form into channel and bare address. */
export function withoutPrefix(written: string): { readonly channel: Channel; readonly bare: string } {
  const [, prefix = '', bare = written] = /^(whatsapp|rcs):(.*)$/s.exec(written) ?? [];
  return { channel: channels.find((channel) => channel === prefix) ?? 'sms', bare };
}
