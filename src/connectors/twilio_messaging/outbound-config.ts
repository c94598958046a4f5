import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { accountFields, address } from './account-fields.ts';

const { account_sid, auth_token, region, channel, api_url } = accountFields;

const sid = (prefix: string) =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}[0-9a-f]{32}$`),
      `It begins with "${prefix}", followed by 32 hexadecimal digits.`,
    );

export const outboundConfig = z.strictObject({
  account_sid,
  auth_token,
  channel,
  sender: address.exactOptional().meta({
    title: 'Sender',
    description: 'Your number or sender ID. Empty: replies come from the number that received the message.',
  }),
  messaging_service_sid: sid('MG').exactOptional().meta({
    title: 'Messaging service',
    description: 'SID of a messaging service, which then chooses the sender.',
  }),
  to: address.exactOptional().meta({
    title: 'Default recipient',
    description: 'For results that name no recipient and whose event came from elsewhere.',
  }),
  content_sid: sid('HX').exactOptional().meta({
    title: 'Content template',
    description:
      'SID of a template, which WhatsApp requires outside its 24-hour window. It is sent instead of the text.',
  }),
  content_variables: z
    .record(z.string().max(64), z.string().max(1_600))
    .exactOptional()
    .meta({
      title: 'Content variables',
      description: 'Values for the template. "{{text}}" in a value stands for the text of the result.',
      examples: [{ 1: '{{text}}' }],
    }),
  region,
  api_url,
  ...outboundFilterFields,
});

const storedFields = outboundConfig.omit({ auth_token: true }).loose();

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export const outboundConfigOf = parseOnce((config) => storedFields.parse(config));
