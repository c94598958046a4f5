import type { Connector } from './connector.ts';
import { type ParsedConfig, parseConfig } from './connector-config.ts';
import { nameProblems } from './create-connector.ts';
import type { FieldProblem } from './field-problem.ts';
import type { JsonObject } from './json-value.ts';
import { agentProblems, originProblems } from './link-problems.ts';
import type { Engine } from './ports/engine.ts';
import { recordAction } from './record-action.ts';
import { type Refusal, refuseInvalid } from './refusal.ts';
import { type ConnectorChange, updateConnector } from './update-connector.ts';

/** What an operator changes; what is left out stays as it is. */
export interface ConnectorPatch {
  readonly name?: string;
  /** Fields that are left out stay as they are, secret ones too; `null` sets a field back to its default. */
  readonly config?: JsonObject;
  readonly enabled?: boolean;
  readonly agents?: readonly string[];
}

export type ChangeOutcome =
  | { readonly outcome: 'changed'; readonly connector: Connector }
  | Refusal<'connector-not-found' | 'invalid-request'>;

/**
 * Changes a connector.
 *
 * @returns `refused` with every problem of the patch at once; nothing was changed then
 * @throws RetryableError when the store is away, or others keep changing the connector
 */
export async function changeConnector(
  engine: Engine,
  actor: string,
  connectorId: string,
  patch: ConnectorPatch,
): Promise<ChangeOutcome> {
  const updated = await updateConnector(engine, connectorId, (stored) => applyPatch(engine, stored, patch));
  if (updated.outcome === 'refused') return updated;
  await recordAction(engine, actor, actionOf(patch), connectorId, detailOf(patch));
  return { outcome: 'changed', connector: updated.connector };
}

async function applyPatch(
  engine: Engine,
  stored: Connector,
  patch: ConnectorPatch,
): Promise<ConnectorChange | Refusal<'invalid-request'>> {
  const config = patch.config === undefined ? null : await mergeConfig(engine, stored, patch.config);
  const problems = [
    ...(patch.name === undefined ? [] : nameProblems(patch.name)),
    ...(config === null ? [] : await configProblems(engine, stored, config)),
    ...(patch.agents === undefined ? [] : agentProblems(engine, patch.agents, stored.agents)),
  ];
  if (problems.length > 0) return refuseInvalid(problems);
  const change: ConnectorChange = {
    ...(patch.name === undefined ? {} : { name: patch.name.trim() }),
    ...(patch.agents === undefined ? {} : { agents: patch.agents }),
    ...(patch.enabled === undefined ? {} : enabling(stored, patch.enabled)),
  };
  if (config?.outcome !== 'valid') return change;
  await keepSecrets(engine, stored.id, config.secrets);
  return { ...change, config: config.config, secretFields: Object.keys(config.secrets) };
}

/** The stored configuration, its secret fields among it, with the given fields laid over it. */
async function mergeConfig(engine: Engine, stored: Connector, given: JsonObject): Promise<ParsedConfig> {
  const mode = engine.types.get(stored.type)?.modes[stored.mode];
  if (mode === undefined) {
    const message = `this version has no connector type "${stored.type}" with the mode ${stored.mode}`;
    return { outcome: 'invalid', problems: [{ field: 'config', message }] };
  }
  const secrets = await engine.secrets.get(stored.id);
  const merged = Object.entries({ ...stored.config, ...secrets.config, ...given });
  return parseConfig(mode, Object.fromEntries(merged.filter(([, value]) => value !== null)));
}

async function configProblems(
  engine: Engine,
  stored: Connector,
  parsed: ParsedConfig,
): Promise<readonly FieldProblem[]> {
  if (parsed.outcome === 'invalid') return parsed.problems;
  return originProblems(engine, parsed.config, stored.config);
}

/** Enabling begins a new history of failures; only what the product disabled by itself has a reason. */
function enabling(stored: Connector, enabled: boolean): ConnectorChange {
  if (stored.enabled === enabled) return {};
  return { enabled, disabledReason: null, failingSince: null };
}

async function keepSecrets(
  engine: Engine,
  connectorId: string,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  const stored = await engine.secrets.get(connectorId);
  const names = new Set([...Object.keys(stored.config), ...Object.keys(config)]);
  if ([...names].every((name) => stored.config[name] === config[name])) return;
  await engine.secrets.change(connectorId, (others) => ({ ...others, config }));
}

function actionOf(patch: ConnectorPatch): string {
  if (patch.enabled === undefined || Object.keys(patch).length > 1) return 'connector.changed';
  return patch.enabled ? 'connector.enabled' : 'connector.disabled';
}

function detailOf(patch: ConnectorPatch): string | null {
  const fields = Object.keys(patch);
  return actionOf(patch) === 'connector.changed' ? `Changed: ${fields.join(', ')}.` : null;
}
