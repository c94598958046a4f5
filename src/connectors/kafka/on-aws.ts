import type { DeployedWays, ModeDescription, Modes } from '../../core/connectors/connector-type.ts';
import { checkInbound, checkOutbound, inboundOnAws, outboundOnAws } from './aws-config.ts';
import { inboundMode } from './inbound-mode.ts';
import type { KafkaRecord } from './kafka-record.ts';
import { outboundMode } from './outbound-config.ts';

const msk = {
  cluster_arn: 'arn:aws:kafka:eu-west-1:123456789012:cluster/orders/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-1',
  security_protocol: 'SASL_SSL',
  sasl_mechanism: 'IAM',
};

const inbound: ModeDescription<KafkaRecord> = {
  ...inboundMode,
  // Lambda's pollers connect to these brokers, from the subnets that the deployment names.
  problems: () => [],
  config: inboundOnAws.superRefine(checkInbound),
  samples: [{ title: 'Messages of an MSK cluster', config: { ...msk, topic: 'orders' } }],
};

const outbound: ModeDescription<KafkaRecord> = {
  ...outboundMode,
  config: outboundOnAws.superRefine(checkOutbound),
  samples: [{ title: 'Results to an MSK cluster', config: { ...msk, topic: 'agent-results' } }],
};

/** Refuses connectors that the deployment would never read, and says what to change. */
const unreadInbound: ModeDescription<KafkaRecord> = {
  ...inbound,
  config: inboundOnAws.superRefine((_config, context) => {
    const message = 'This deployment cannot read Kafka. Deploy it with the setting kafka=true.';
    context.addIssue({ code: 'custom', path: ['topic'], message });
  }),
};

/** Kafka in a deployment on AWS: adds MSK clusters and IAM, and excludes what Lambda's event sources do not support. */
export function modesOnAws(deployed: DeployedWays): Modes<KafkaRecord> {
  return { inbound: deployed.has('mapping') ? inbound : unreadInbound, outbound };
}
