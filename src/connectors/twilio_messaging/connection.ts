import type { ConnectionKind } from '../../core/connectors/connector-type.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { credentialFields } from './account-fields.ts';

/** One account in one region. */
export const twilioAccount: ConnectionKind = {
  name: 'twilio_messaging',
  title: 'Twilio account',
  summary: 'A Twilio account in one region, for connectors of all its numbers and channels.',
  config: credentialFields,
  problems: apiUrlProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeAccount(given, context),
  samples: [
    {
      title: 'An account in the United States',
      config: { account_sid: 'AC0123456789abcdef0123456789abcdef', auth_token: 'an auth token' },
    },
  ],
};
