import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import {
  type ConnectionConfig,
  checkSasl,
  clusterFields,
  connectionFields,
  type Issues,
} from './connection-config.ts';
import { inboundOwnFields } from './inbound-config.ts';
import { outboundOwnFields } from './outbound-config.ts';

const fields = { ...connectionFields, ...clusterFields };

/** The consumer group names that Lambda's event source mappings accept. */
const groupId = inboundOwnFields.group_id
  .unwrap()
  .max(200)
  .regex(/^[a-zA-Z0-9-/*:_+=.@]*$/, 'letters, digits, and - / * : _ + = . @, at most 200')
  .exactOptional()
  .meta({
    title: 'Consumer group',
    description: 'Cannot be changed later. Default: a separate group for this connector.',
  });

export const inboundOnAws = z.strictObject({ ...fields, ...inboundOwnFields, group_id: groupId });
export const outboundOnAws = z.strictObject({ ...fields, ...outboundOwnFields });

export type InboundOnAws = z.infer<typeof inboundOnAws>;

/** The configuration of a deployment's inbound connector. @throws ZodError where the stored one is not valid */
export function inboundOnAwsOf({ config }: Connector): InboundOnAws {
  return inboundOnAws.parse(config);
}

/** Requires servers or an MSK cluster, and checks the SASL mechanism for MSK. */
function checkCluster(config: ConnectionConfig, context: Issues): void {
  const { cluster_arn: clusterArn, bootstrap_servers: servers, sasl_mechanism: mechanism } = config;
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  if (clusterArn === undefined && servers === undefined) {
    refuse('cluster_arn', 'set this to the ARN of an MSK cluster, or set bootstrap_servers');
  }
  if (clusterArn !== undefined && servers !== undefined) {
    refuse('bootstrap_servers', 'cannot be combined with cluster_arn, which determines the brokers');
  }
  if (mechanism === 'IAM' && clusterArn === undefined) refuse('cluster_arn', 'is required with IAM');
  if (mechanism === 'IAM' && config.security_protocol !== 'SASL_SSL') {
    refuse('security_protocol', 'must be SASL_SSL with IAM');
  }
  if (clusterArn !== undefined && mechanism !== undefined && !mskMechanisms.includes(mechanism)) {
    refuse('sasl_mechanism', 'MSK supports IAM and SCRAM-SHA-512');
  }
}

const mskMechanisms: readonly string[] = ['IAM', 'SCRAM-SHA-512'];

/** Refuses what Lambda's event sources do not support (their documentation, "Configuring authentication"). */
function checkEventSource(config: ConnectionConfig, context: Issues): void {
  const { security_protocol: protocol, cluster_arn: clusterArn, ca_certificate: certificate } = config;
  const refuse = (field: string, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message });
  if (protocol === 'SASL_PLAINTEXT') {
    refuse('security_protocol', 'Lambda sends passwords over TLS only: use SASL_SSL');
  }
  if (protocol === 'SSL' && clusterArn === undefined) {
    refuse('security_protocol', 'Lambda uses TLS with servers only together with SASL: use SASL_SSL');
  }
  if (certificate !== undefined && (clusterArn !== undefined || protocol !== 'SASL_SSL')) {
    refuse('ca_certificate', 'can be used only with bootstrap_servers and SASL_SSL');
  }
}

/** Checks a connector of a deployment that reads messages. */
export function checkInbound(config: ConnectionConfig, context: Issues): void {
  checkOutbound(config, context);
  checkEventSource(config, context);
}

/** Checks a connector of a deployment that writes messages. */
export function checkOutbound(config: ConnectionConfig, context: Issues): void {
  checkSasl(config, context);
  checkCluster(config, context);
}
