import * as z from 'zod';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { parseOnce } from '../../core/connectors/parse-once.ts';
import { outboundFilterFields } from '../../core/deliveries/outbound-filter.ts';
import { checkLogin, connectionFields, hostProblems, port, security } from './connection-config.ts';
import type { MailEvent } from './mail-event.ts';

const address = z.email('must be an email address').max(320);

const outboundFields = z.strictObject({
  ...connectionFields,
  port: port.default(587).meta({ title: 'Port', description: '587 with STARTTLS, usually 465 with TLS.' }),
  security: security.default('starttls').meta({
    title: 'Encryption',
    description: 'STARTTLS, or TLS from the start. An unencrypted connection is never used.',
  }),
  from_address: address.meta({
    title: 'From address',
    description: 'The sender. The mail server must let the account send with it.',
  }),
  from_name: z.string().min(1).max(256).exactOptional().meta({
    title: 'From name',
    description: 'Name of the sender, as recipients see it.',
  }),
  default_to: address.exactOptional().meta({
    title: 'Default recipient',
    description: 'For results that name no recipient and answer no message.',
  }),
  ...outboundFilterFields,
});

/** Secret fields are kept apart from what is stored of the others. */
const storedFields = outboundFields
  .omit({ password: true, client_secret: true, refresh_token: true })
  .loose();

export type OutboundConfig = z.infer<typeof storedFields>;

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export const outboundConfigOf = parseOnce((config): OutboundConfig => storedFields.parse(config));

export const outboundMode: ModeDescription<MailEvent> = {
  summary: 'Sends the result of every run as a message, as a reply where the run began with one.',
  config: outboundFields.superRefine((config, context) => checkLogin(config, context, false)),
  problems: hostProblems,
  ways: {},
  probe: async (config, context) => (await import('./probe-server.ts')).probeServer(config, context),
  endpoint: ({ config }) => {
    const { from_address: from, host, port: number } = outboundConfigOf(config);
    return { title: 'Mail server', text: `${from} by ${host}:${number}` };
  },
  instructions: `
1. Allow the account to send by **SMTP**: in Microsoft 365, an administrator enables *Authenticated SMTP* per mailbox.
2. Create an **app password**, or register an app for **OAuth2**, as for reading mail.
3. Use a sender that the account may use; other senders are refused, or land in the spam folder of recipients (SPF, DKIM).
`,
  samples: [
    {
      title: 'Replies, with an app password',
      config: {
        host: 'smtp.gmail.com',
        username: 'support@example.com',
        password: 'an app password',
        from_address: 'support@example.com',
        from_name: 'Example Support',
      },
    },
    {
      title: 'Results and failures to one address, with OAuth2',
      config: {
        host: 'smtp.office365.com',
        username: 'agents@example.com',
        client_id: '00001111-aaaa-2222-bbbb-3333cccc4444',
        refresh_token: 'a refresh token',
        token_url: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
        from_address: 'agents@example.com',
        default_to: 'team@example.com',
        statuses: ['completed', 'failed'],
      },
    },
  ],
};
