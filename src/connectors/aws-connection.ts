import * as z from 'zod';
import type { ConnectionKind } from '../core/connectors/connector-type.ts';
import { accessKeyFields } from './aws-account.ts';

/** An account of AWS; shared by all types that use an AWS service. */
export const awsConnection: ConnectionKind = {
  name: 'aws',
  title: 'AWS account',
  summary: 'An access key of an AWS account, shared by connectors of all its services.',
  config: z.strictObject({
    access_key_id: accessKeyFields.access_key_id.unwrap().meta({
      title: 'Access key ID',
      description: 'The access key of a user with the permissions that all of these connectors need.',
    }),
    secret_access_key: accessKeyFields.secret_access_key.unwrap().meta({
      title: 'Secret access key',
      description: 'AWS shows it once, when the access key is created.',
      secret: true,
    }),
    session_token: accessKeyFields.session_token,
  }),
  samples: [
    {
      title: 'An access key',
      config: { access_key_id: 'AKIAIOSFODNN7EXAMPLE', secret_access_key: 'a secret access key' },
    },
  ],
};
