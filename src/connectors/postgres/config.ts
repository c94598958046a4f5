import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import type { AllowedTargets } from '../../core/connectors/private-targets.ts';
import type { FieldProblem } from '../../core/field-problem.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { caCertificate, port } from '../../net/connection-fields.ts';
import { hostProblem } from '../../net/target-guard.ts';

const host = z
  .string()
  .max(253)
  .regex(/^([\w.-]+|[\da-f:.]+)$/i, 'must be a host name, without a port');

/** Levels of connection security, named as in libpq. */
export const sslModes = ['disable', 'prefer', 'require', 'verify-full'] as const;

export const connectionFields = {
  host: host.meta({ title: 'Host', description: 'Host name of the server.', examples: ['db.example.com'] }),
  port: port.default(5_432).meta({ title: 'Port', description: 'Port of the server.' }),
  database: z.string().min(1).max(63).meta({ title: 'Database', description: 'Name of the database.' }),
  user: z.string().min(1).max(63).meta({
    title: 'User',
    description: 'A role that may connect and read the table. It needs no other permissions.',
  }),
  password: z.string().min(1).max(1_024).exactOptional().meta({
    title: 'Password',
    description: 'Password of the user. Stored as a secret.',
    secret: true,
  }),
  ssl_mode: z.enum(sslModes).default('prefer').meta({
    title: 'TLS',
    description:
      'disable: none. prefer: if the server supports it. require: always. verify-full: always, with a valid certificate for the host. With a CA certificate, the certificate is checked except with disable.',
  }),
  ca_certificate: caCertificate.exactOptional().meta({
    title: 'CA certificate',
    description:
      "In PEM format, if the server's certificate comes from your own or the provider's authority.",
  }),
};

/** A connection as stored, without its password. */
export const storedConnection = z.object(connectionFields).omit({ password: true });
export type ConnectionConfig = z.infer<typeof storedConnection>;

/** Reports a configured host that the system never connects to, without a DNS lookup. */
export function hostProblems(config: JsonObject, { allowPrivateTargets }: AllowedTargets): FieldProblem[] {
  const message = hostProblem(z.object({ host }).parse(config).host, allowPrivateTargets);
  return message === null ? [] : [{ field: 'host', message }];
}

const name = z.string().min(1).max(63);

export const inboundFields = z.strictObject({
  ...connectionFields,
  channel: name.exactOptional().meta({
    title: 'Channel',
    description: 'Each NOTIFY on this channel is an event. Not on AWS. Use either a channel or a table.',
  }),
  table: z.string().min(1).max(130).exactOptional().meta({
    title: 'Table',
    description:
      'Each new row of this table or view is an event. With a schema, if it is not public: sales.orders.',
  }),
  cursor_column: name.exactOptional().meta({
    title: 'Cursor column',
    description:
      'A column whose values increase with each new row, such as a serial id or created_at. It should have an index.',
  }),
  columns: z.array(name).min(1).max(200).exactOptional().meta({
    title: 'Columns',
    description: 'Columns of the payload. Default: all.',
  }),
  where: z
    .string()
    .trim()
    .min(1)
    .max(4_096)
    .exactOptional()
    .meta({
      title: 'Condition',
      description: 'Only rows for which this SQL expression is true.',
      examples: ["status = 'paid'"],
    }),
  poll_seconds: z.int().min(1).max(86_400).default(30).meta({
    title: 'Interval (seconds)',
    description: 'How often to look for new rows; on AWS, at most once per minute.',
  }),
});

const ofTable = ['cursor_column', 'columns', 'where'] as const;

/** Requires either a channel, or a table with its cursor column. */
export const inboundConfig = inboundFields.superRefine((config, context) => {
  const issue = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  const { channel, table } = config;
  if ((channel === undefined) === (table === undefined)) {
    issue(channel === undefined ? 'table' : 'channel', 'Use either a channel or a table.');
  } else if (table !== undefined && config.cursor_column === undefined) {
    issue('cursor_column', 'is required with a table');
  } else if (channel !== undefined) {
    for (const field of ofTable)
      if (config[field] !== undefined) issue(field, 'can be used only with a table');
  }
});

const storedFields = inboundFields.omit({ password: true }).loose();
export type InboundConfig = z.infer<typeof storedFields>;

/** The configuration of an inbound connector. @throws ZodError where the stored one is not valid */
export const inboundConfigOf = parseOnce((config): InboundConfig => storedFields.parse(config));
