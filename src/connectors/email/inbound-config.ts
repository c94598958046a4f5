import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { port } from '../../net/connection-fields.ts';
import { connectionFields, security } from './connection-config.ts';

const filter = z.string().trim().min(1).max(320).exactOptional();

export const inboundFields = z.strictObject({
  ...connectionFields,
  port: port.default(993).meta({ title: 'Port', description: '993 with TLS, usually 143 with STARTTLS.' }),
  security: security.default('tls').meta({
    title: 'Encryption',
    description: 'TLS from the start, or STARTTLS. An unencrypted connection is never used.',
  }),
  mailbox: z.string().min(1).max(512).default('INBOX').meta({
    title: 'Mailbox',
    description: 'The folder whose messages start runs.',
  }),
  unread_only: z.boolean().default(true).meta({
    title: 'Unread messages only',
    description:
      'On: all unread messages start runs, those that are there already included. Off: all messages that arrive from now on.',
  }),
  from: filter.meta({
    title: 'From contains',
    description: 'Only messages whose sender (name or address) contains this text, in any case.',
    examples: ['@example.com'],
  }),
  subject: filter.meta({
    title: 'Subject contains',
    description: 'Only messages whose subject contains this text, in any case.',
  }),
  mark_as_read: z.boolean().default(true).meta({
    title: 'Mark as read',
    description: 'Marks messages as read once their runs are stored.',
  }),
  poll_seconds: z.int().min(5).max(86_400).default(60).meta({
    title: 'Interval (seconds)',
    description:
      'How often to look for new messages. The embedded engine also sees them at once if the server supports IDLE; on AWS, at most once per minute.',
  }),
});

/** Secret fields are stored separately. */
const storedFields = inboundFields.omit({ password: true, client_secret: true, refresh_token: true }).loose();

export type InboundConfig = z.infer<typeof storedFields>;

/** The configuration of an inbound connector. @throws ZodError where the stored one is not valid */
export const inboundConfigOf = parseOnce((config): InboundConfig => storedFields.parse(config));
