import { Link } from 'wouter';
import type { WireDelivery } from '../../src/api/contract/delivery.ts';

/** What a delivery sends: the result of a run, with a link to it, or an operational event. */
export function DeliverySubject({ delivery }: { delivery: WireDelivery }) {
  const { event, run_id: runId, agent_name: agentName } = delivery;
  if (event === null) return <Link href={`/runs/${runId}`}>{agentName}</Link>;
  if (event.run_id !== null) return <Link href={`/runs/${event.run_id}`}>{event.type}</Link>;
  if (event.connector_id !== null)
    return <Link href={`/connectors/${event.connector_id}`}>{event.type}</Link>;
  return event.type;
}
