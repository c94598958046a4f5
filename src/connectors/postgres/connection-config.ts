import * as z from 'zod';
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
  host: host.meta({ title: 'Host', description: 'Name of the server.', examples: ['db.example.com'] }),
  port: port.default(5_432).meta({ title: 'Port', description: 'Of the server.' }),
  database: z.string().min(1).max(63).meta({ title: 'Database', description: 'Name of the database.' }),
  user: z.string().min(1).max(63).meta({
    title: 'User',
    description: 'A role that may connect, and read the table. It needs no other permission.',
  }),
  password: z.string().min(1).max(1_024).exactOptional().meta({
    title: 'Password',
    description: 'Of the user. Stored as a secret.',
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
