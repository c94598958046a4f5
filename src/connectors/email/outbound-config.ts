import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { outboundFilterFields } from '../../core/deliveries/plan-deliveries.ts';
import { port } from '../../net/connection-fields.ts';
import { connectionFields, security } from './connection-config.ts';

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
    description: 'For results that name no recipient and answer no message.',
  }),
  ...outboundFilterFields,
});

/** Secret fields are stored separately. */
const storedFields = outboundFields
  .omit({ password: true, client_secret: true, refresh_token: true })
  .loose();

export type OutboundConfig = z.infer<typeof storedFields>;

/** The configuration of an outbound connector. @throws ZodError where the stored one is not valid */
export const outboundConfigOf = parseOnce((config): OutboundConfig => storedFields.parse(config));
