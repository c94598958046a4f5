import * as z from 'zod';
import type { ConnectionKind } from '../../core/connections/connection-kind.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { accountFields } from './account-fields.ts';

const { account_sid, auth_token, region, api_url } = accountFields;

/** The fields of a connection. */
export const connectionFields = z.strictObject({ account_sid, auth_token, region, api_url });

/** One account in one region. */
export const twilioAccount: ConnectionKind = {
  name: 'twilio_messaging',
  title: 'Twilio account',
  summary: 'A Twilio account in one region, for connectors of all its numbers and channels.',
  config: connectionFields,
  problems: apiUrlProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeAccount(given, context),
  samples: [
    {
      title: 'An account in the United States',
      config: { account_sid: 'AC0123456789abcdef0123456789abcdef', auth_token: 'an auth token' },
    },
  ],
};
