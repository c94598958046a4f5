import * as z from 'zod';
import type { Connector } from '../connectors/connector.ts';
import { operationalEventTypes } from '../events/operational-event.ts';
import type { RunSummary } from '../runs/run.ts';

/** Configuration fields of every outbound connector: which of its agents' runs it delivers. */
export const outboundFilterFields = {
  statuses: z
    .array(z.enum(['completed', 'failed']))
    .min(1)
    .default(['completed'])
    .meta({ title: 'Deliver runs that', description: 'Which runs to deliver, by their outcome.' }),
  from_connectors: z.array(z.string()).default([]).meta({
    title: 'Only from connectors',
    reference: 'connector',
    description: 'Ids of inbound or sync connectors. Empty: runs from any connector.',
  }),
  events: z.array(z.enum(operationalEventTypes)).default([]).meta({
    title: 'Operational events',
    description:
      'Also report problems of the system: failed runs and deliveries, failing or disabled connectors, used-up budgets, dead letters, missed ticks. At most one per minute, kind, and subject.',
    advanced: true,
  }),
};

const outboundFilter = z.object(outboundFilterFields);

/** Whether an outbound connector delivers this ended run of one of its agents. Ignores whether it is enabled. */
export function wantsRun(connector: Connector, run: RunSummary): boolean {
  if (connector.mode !== 'outbound') return false;
  const filter = outboundFilter.safeParse(connector.config);
  if (!filter.success) return false;
  const { statuses, from_connectors } = filter.data;
  const comesFromChosen = from_connectors.length === 0 || from_connectors.includes(run.connectorId ?? '');
  return comesFromChosen && statuses.some((status) => status === run.status);
}
