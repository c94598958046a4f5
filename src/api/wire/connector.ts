import { driftOf, type FieldChange } from '../../core/code/code-state.ts';
import type { Plan } from '../../core/code/plan.ts';
import { ownConfig, ownSecretFields } from '../../core/connections/take-connection.ts';
import { type Connector, linksOf } from '../../core/connectors/connector.ts';
import type { ConnectorHealth } from '../../core/connectors/connector-health.ts';
import { connectorUrl, sampleCall, samplePayload } from '../../core/connectors/connector-path.ts';
import type { Pause } from '../../core/control/read-pause.ts';
import { deliveryModeOf } from '../../core/deliveries/by-choice.ts';
import type { Engine } from '../../core/ports/engine.ts';
import type { WireConnector, WireHealth, WireSampleRequest } from '../contract/connector.ts';
import type { WireConnectorCode, WireFieldChange } from '../contract/connector-code.ts';
import type { WireConnectorPlan } from '../contract/connectors-as-code.ts';
import type { WireDeployment } from '../contract/pause.ts';
import { toIso, toIsoOrNull } from './iso-time.ts';

/**
 * A connector as operators see it, without its secrets.
 *
 * @param baseUrl public URL of the product, without a trailing slash
 */
export function connectorToWire(
  connector: Connector,
  health: ConnectorHealth,
  pause: Pause | null,
  { types, agents, settings }: Pick<Engine, 'types' | 'agents' | 'settings'>,
  baseUrl: string,
): WireConnector {
  const { socketUrl } = settings;
  const sample = samplePayload(types, agents, connector);
  const mode = types.get(connector.type)?.modes[connector.mode];
  return {
    id: connector.id,
    name: connector.name,
    type: connector.type,
    mode: connector.mode,
    config: ownConfig(connector.config, connector.connection),
    secret_fields: [...ownSecretFields(connector)],
    connection: connector.connection?.name ?? null,
    connection_fields: [...(connector.connection?.fields ?? [])],
    agents: linksOf(connector),
    filter: connector.conditions?.filter ?? null,
    delivery: connector.mode === 'outbound' ? deliveryModeOf(connector) : null,
    enabled: connector.enabled,
    disabled_reason: connector.disabledReason,
    failing_since: toIsoOrNull(connector.failingSince),
    code: codeToWire(connector),
    health: healthToWire(health),
    ...pauseToWire(pause),
    url: connectorUrl(types, connector, baseUrl, socketUrl),
    endpoint: orNull(() => mode?.endpoint?.(connector) ?? null),
    sample_payload: sample,
    sample_request: orNull(() => sampleOf(types, connector, { baseUrl, socketUrl }, JSON.stringify(sample))),
    created_at: toIso(connector.createdAt),
    updated_at: toIso(connector.updatedAt),
  };
}

/** A connector's health with its times as ISO 8601. */
export function healthToWire(health: ConnectorHealth): WireHealth {
  return {
    status: health.status,
    since: toIsoOrNull(health.since),
    reason: health.reason,
    last_event_at: toIsoOrNull(health.lastEventAt),
    last_delivery_at: toIsoOrNull(health.lastDeliveryAt),
    runs_24h: health.runs,
    failed_24h: health.failed,
    filtered_24h: health.filtered,
    warning: health.warning,
  };
}

function sampleOf(...about: Parameters<typeof sampleCall>): WireSampleRequest | null {
  const sampled = sampleCall(...about);
  if (sampled === null) return null;
  const { method, url, headers, body } = sampled;
  return { method, url, headers: { ...headers }, body: body === null ? null : String(body) };
}

/** `null` if `tell` throws: a connector whose configuration this version cannot read must still be shown. */
function orNull<Told>(tell: () => Told | null): Told | null {
  try {
    return tell();
  } catch {
    return null;
  }
}

/** Where a connector was written; `null` if it does not come from code. */
function codeToWire(connector: Connector): WireConnectorCode | null {
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

/** The pause of something, as fields of it. */
export function pauseToWire(pause: Pause | null): WireDeployment {
  if (pause === null) return { paused: false, pause: null };
  const { since, by, drainPerMinute, drainingSince, count, more, oldestQueuedAt } = pause;
  return {
    paused: drainingSince === null,
    pause: {
      since: toIso(since),
      by,
      drain_per_minute: drainPerMinute,
      draining_since: toIsoOrNull(drainingSince),
      waiting: count,
      more,
      oldest_at: toIsoOrNull(oldestQueuedAt),
    },
  };
}
