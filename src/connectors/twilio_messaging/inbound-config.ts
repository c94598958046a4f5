import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { accountFields, address } from './account-fields.ts';

const { account_sid, auth_token, region, channel, api_url } = accountFields;

const inboundFields = z.strictObject({
  account_sid,
  auth_token,
  channel,
  sender: address.exactOptional().meta({
    title: 'Sender',
    description: 'Your number or sender ID: only messages to it start runs. Empty: messages to all of them.',
  }),
  region,
  api_url,
});

export const inboundConfig = inboundFields;

const storedFields = inboundFields.omit({ auth_token: true }).loose();

/** @throws ZodError where the stored configuration is not valid */
export const inboundConfigOf = parseOnce((config) => storedFields.parse(config));
