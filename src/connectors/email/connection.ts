import * as z from 'zod';
import type { ConnectionKind } from '../../core/connectors/connector-type.ts';
import { checkLogin, connectionFields, hostProblems } from './connection-config.ts';

const config = z
  .strictObject({
    ...connectionFields,
    host: connectionFields.host.exactOptional().meta({
      title: 'Host',
      description:
        'Name of the mail server, if it receives and sends. Leave it empty to give each connector its own.',
      examples: ['mail.example.com'],
    }),
  })
  .superRefine((given, context) => checkLogin(given, context, true));

/** One account at a mail provider. */
export const mailAccount: ConnectionKind = {
  name: 'email',
  title: 'Mailbox',
  summary: 'An account at a mail provider, for connectors that read its mail and that send as it.',
  config,
  problems: hostProblems,
  samples: [
    {
      title: 'An account with an app password',
      config: { username: 'support@example.com', password: 'an app password' },
    },
  ],
};
