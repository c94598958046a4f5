import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import type { FieldProblem } from '../../core/field-problem.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { caCertificate, port } from '../../net/connection-fields.ts';
import { hostProblem, targetProblem } from '../../net/target-guard.ts';

/** A name or an address, without a port. */
const host = z
  .string()
  .max(253)
  .regex(/^([\w.-]+|[\da-f:.]+)$/i, 'must be a host name, without a port');

const oauthUrl = z.url({ protocol: /^https?$/, error: 'must be a full URL that begins with https://' });

export const securities = ['tls', 'starttls'] as const;

/** How to reach and log in to a mail server. Reading and sending differ only in their defaults. */
export const connectionFields = {
  host: host.meta({ title: 'Host', description: 'Name of the mail server.', examples: ['mail.example.com'] }),
  username: z.string().min(1).max(320).exactOptional().meta({
    title: 'User name',
    description: 'Usually the email address of the account.',
  }),
  password: z.string().min(1).max(1_024).exactOptional().meta({
    title: 'Password',
    description:
      'Password of the account, or an app password. Leave it empty if you use OAuth2. Stored as a secret.',
    secret: true,
  }),
  client_id: z.string().min(1).max(512).exactOptional().meta({
    title: 'OAuth2 client ID',
    description: 'Client ID of the app that you registered with the provider.',
  }),
  client_secret: z.string().min(1).max(1_024).exactOptional().meta({
    title: 'OAuth2 client secret',
    description: 'Only if the app has one. Stored as a secret.',
    secret: true,
  }),
  refresh_token: z.string().min(1).max(8_192).exactOptional().meta({
    title: 'OAuth2 refresh token',
    description:
      "The connector requests access tokens with it. Microsoft's expire after 90 days: enter a new one in time. Stored as a secret.",
    secret: true,
  }),
  token_url: oauthUrl
    .max(2_048)
    .exactOptional()
    .meta({
      title: 'OAuth2 token URL',
      description: 'Where the provider issues access tokens.',
      examples: ['https://oauth2.googleapis.com/token'],
    }),
  ca_certificate: caCertificate.exactOptional().meta({
    title: 'CA certificate',
    description: "In PEM format, if your own authority issued the server's certificate.",
  }),
};

const security = z.enum(securities);

const connection = z.object({
  ...connectionFields,
  password: z.undefined(),
  client_secret: z.undefined(),
  refresh_token: z.undefined(),
  port,
  security,
});

/** A connection as stored, without its secrets. */
export type ConnectionConfig = z.infer<typeof connection>;

interface Login {
  readonly username?: string;
  readonly password?: string;
  readonly client_id?: string;
  readonly client_secret?: string;
  readonly refresh_token?: string;
  readonly token_url?: string;
}

/** Collects the problems of checks that span several fields. */
interface Issues {
  addIssue(issue: { code: 'custom'; path: string[]; message: string }): void;
}

const oauthFields = ['client_id', 'refresh_token', 'token_url'] as const;

/**
 * A login must be complete and use either a password or OAuth2.
 *
 * @param isRequired whether the server is never used without a login
 */
export function checkLogin(login: Login, context: Issues, isRequired: boolean): void {
  const issue = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  const given = oauthFields.filter((field) => login[field] !== undefined);
  const usesOauth = given.length > 0 || login.client_secret !== undefined;
  if (usesOauth && login.password !== undefined) issue('password', 'cannot be used together with OAuth2');
  if (usesOauth) {
    for (const field of oauthFields) {
      if (login[field] === undefined) issue(field, 'is required with OAuth2');
    }
  }
  const hasCredentials = usesOauth || login.password !== undefined;
  if (isRequired && !hasCredentials) issue('password', 'Enter a password, or the fields of OAuth2.');
  if (login.username === undefined && (isRequired || hasCredentials)) issue('username', 'is required');
  if (login.username !== undefined && !hasCredentials && !isRequired) {
    issue('password', 'Enter a password, or the fields of OAuth2.');
  }
}

/** Reports configured hosts that the system never connects to, without a DNS lookup. */
export function hostProblems(config: JsonObject, { allowPrivateTargets }: AllowedTargets): FieldProblem[] {
  const given = z.object({ host: host.optional(), token_url: oauthUrl.optional() }).parse(config);
  const { host: name, token_url: url } = given;
  const found = [
    { field: 'host', message: name === undefined ? null : hostProblem(name, allowPrivateTargets) },
    { field: 'token_url', message: url === undefined ? null : targetProblem(url, allowPrivateTargets) },
  ];
  return found.flatMap(({ field, message }) => (message === null ? [] : [{ field, message }]));
}

/** The account name in origins, the same for reading and sending. */
export function accountOf(address: string): string {
  return address.trim().toLowerCase();
}

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
      'On: all unread messages start runs, including existing ones. Off: only messages that arrive from now on.',
  }),
  from: filter.meta({
    title: 'From contains',
    description: 'Only messages whose sender (name or address) contains this text; case does not matter.',
    examples: ['@example.com'],
  }),
  subject: filter.meta({
    title: 'Subject contains',
    description: 'Only messages whose subject contains this text; case does not matter.',
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
const storedInboundFields = inboundFields
  .omit({ password: true, client_secret: true, refresh_token: true })
  .loose();

export type InboundConfig = z.infer<typeof storedInboundFields>;

/** The configuration of an inbound connector. @throws ZodError where the stored one is not valid */
export const inboundConfigOf = parseOnce((config): InboundConfig => storedInboundFields.parse(config));

const address = z.email('must be an email address').max(320);

export const outboundFields = z.strictObject({
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
    description: 'Used for results that name no recipient and reply to no message.',
  }),
  ...outboundFilterFields,
});

/** Secret fields are stored separately. */
const storedOutboundFields = outboundFields
  .omit({ password: true, client_secret: true, refresh_token: true })
  .loose();

export type OutboundConfig = z.infer<typeof storedOutboundFields>;

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export const outboundConfigOf = parseOnce((config): OutboundConfig => storedOutboundFields.parse(config));
