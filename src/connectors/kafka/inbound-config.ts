import * as z from 'zod';
import type { Connector } from '../../core/connectors/connector.ts';
import { connectionFields, topicName } from './connection-config.ts';

/** Fields of an inbound connector besides those of its connection. */
export const inboundOwnFields = {
  topic: topicName.meta({
    title: 'Topic',
    description: 'Each message of this topic triggers the linked agents.',
  }),
  group_id: z.string().min(1).max(249).exactOptional().meta({
    title: 'Consumer group',
    description:
      "Members of a group share the topic's partitions. Default: a separate group for this connector.",
  }),
  auto_offset_reset: z.enum(['latest', 'earliest']).default('latest').meta({
    title: 'Start at',
    description: 'Where a new group starts: with new messages, or with the oldest available.',
  }),
};

export const inboundFields = z.strictObject({ ...connectionFields, ...inboundOwnFields });

export type InboundConfig = z.infer<typeof inboundFields>;

/** The configuration of an inbound connector. @throws ZodError where the stored one is not valid */
export function inboundConfigOf(connector: Connector): InboundConfig {
  return inboundFields.parse(connector.config);
}

export function groupIdOf({ id, config }: Connector): string {
  const { group_id: groupId } = z.object({ group_id: inboundOwnFields.group_id }).parse(config);
  return groupId ?? `agent-connectors-${id}`;
}
