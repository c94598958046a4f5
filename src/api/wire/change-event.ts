import { type Connector, linksOf } from '../../core/connectors/connector.ts';
import type { ChangeEvent } from '../../core/ports/run-signals.ts';
import type { WireChangeEvent } from '../contract/change-event.ts';
import { deliveryToWire } from './delivery.ts';
import { runSummaryToWire } from './run.ts';

/** A change, with the fields that a list needs to update its row without another request. */
export function changeEventToWire(event: ChangeEvent): WireChangeEvent {
  switch (event.type) {
    case 'run.updated':
      return { type: event.type, id: event.run.runId, summary: runSummaryToWire(event.run) };
    case 'delivery.updated':
      return { type: event.type, id: event.delivery.deliveryId, summary: deliveryToWire(event.delivery) };
    case 'connector.updated':
      return { type: event.type, id: event.connector.id, summary: connectorRow(event.connector) };
    case 'connector.deleted':
      return {
        type: 'connector.updated',
        id: event.connectorId,
        summary: { id: event.connectorId, deleted: true },
      };
  }
}

function connectorRow(connector: Connector) {
  const { id, name, type, mode, enabled, disabledReason } = connector;
  return { id, name, type, mode, agents: linksOf(connector), enabled, disabled_reason: disabledReason };
}
