import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import type { Endpoint, ModeDescription } from '../../core/connectors/connector-type.ts';

/** Checks whether the brokers answer and have the topic. */
export const probe: NonNullable<ModeDescription['probe']> = async (config, context) =>
  (await import('./probe.ts')).probe(config, context);

const shownFields = z.object({
  topic: z.string(),
  bootstrap_servers: z.string().optional(),
  cluster_arn: z.string().optional(),
});

/** The topic that messages come from or go to. */
export function topicEndpoint({ config }: Connector): Endpoint {
  const { topic, bootstrap_servers: servers, cluster_arn: cluster } = shownFields.parse(config);
  return { title: 'Topic', text: `${topic} on ${servers ?? cluster ?? 'no server'}` };
}
