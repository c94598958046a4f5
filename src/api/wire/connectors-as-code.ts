import { driftOf, type FieldChange } from '../../core/code/code-state.ts';
import type { Plan } from '../../core/code/plan.ts';
import type { Connector } from '../../core/connectors/connector.ts';
import type { WireConnectorCode, WireFieldChange } from '../contract/connector-code.ts';
import type { WireConnectorPlan } from '../contract/connectors-as-code.ts';

/** Where a connector was written; `null` if it does not come from code. */
export function codeToWire(connector: Connector): WireConnectorCode | null {
  const { code } = connector;
  if (code === undefined) return null;
  const drift = driftOf(connector).map(changeToWire);
  return { key: code.key, file: `connectors/${code.key}.yaml`, drift };
}

export function planToWire({ steps, unchanged, digest }: Plan): WireConnectorPlan {
  return {
    steps: steps.map(({ action, key, name, type, mode, connectorId, isAdopted, changes }) => ({
      action,
      key,
      name,
      type,
      mode,
      connector_id: connectorId,
      adopted: isAdopted,
      changes: changes.map(({ editedElsewhere, ...change }) => ({
        ...changeToWire(change),
        edited_elsewhere: editedElsewhere,
      })),
    })),
    unchanged,
    digest,
  };
}

function changeToWire({ field, before, after, isSecret }: FieldChange): WireFieldChange {
  return { field, before, after, secret: isSecret };
}
