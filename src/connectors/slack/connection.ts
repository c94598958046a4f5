import * as z from 'zod';
import type { ConnectionKind } from '../../core/connectors/connector-type.ts';
import { apiUrlProblems } from '../../providers/api-url.ts';
import { slackApiUrl } from './credentials.ts';
import { botTokenField, signingSecretField } from './inbound-config.ts';

const config = z
  .strictObject({
    signing_secret: signingSecretField,
    bot_token: botTokenField,
    api_url: slackApiUrl,
  })
  .superRefine((given, context) => {
    if (given.signing_secret !== undefined || given.bot_token !== undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['bot_token'],
      message: 'Enter the bot token, the signing secret, or both.',
    });
  });

/** One Slack app in one workspace. */
export const slackApp: ConnectionKind = {
  name: 'slack',
  title: 'Slack app',
  summary: 'A Slack app, for connectors that receive its events and that post as its bot.',
  config,
  problems: apiUrlProblems,
  probe: async (given, context) => (await import('./probe.ts')).probeApp(given, context),
  samples: [
    {
      title: 'An app that receives events and posts',
      config: { signing_secret: 'a signing secret', bot_token: 'xoxb-1234-5678-sample' },
    },
  ],
};
