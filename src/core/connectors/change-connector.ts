import {
  nothingTaken,
  ownConfig,
  problemsOfTaken,
  type TakeOutcome,
  type Taker,
  takeConnection,
  takeFrom,
} from '../connections/take-connection.ts';
import { byChoiceOf, deliveryModeOf, deliveryProblems } from '../deliveries/by-choice.ts';
import type { HeldDecision } from '../deliveries/delivery.ts';
import { dropMany } from '../deliveries/drop-deliveries.ts';
import { redeliverMany } from '../deliveries/redeliver.ts';
import type { FieldProblem } from '../field-problem.ts';
import {
  conditionProblems,
  conditionsOfLinks,
  type GivenLink,
  hasConditions,
  nameOfLink,
  noConditions,
  withConditions,
} from '../filters/connector-conditions.ts';
import type { JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { HeldCount } from '../ports/delivery-store.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuseInvalid } from '../refusal.ts';
import type { Connector, DeliveryMode } from './connector.ts';
import { findMode, type ParsedConfig, parseConfig, verifyProblems, wayProblems } from './connector-config.ts';
import type { ConnectorSecrets } from './connector-secrets.ts';
import { claimName, nameProblems, type ParsedDraft } from './create-connector.ts';
import { disable, enable } from './disabled-periods.ts';
import { linkProblems, originProblems } from './link-agent.ts';
import { openRegistered, unregisterFormer } from './register-connector.ts';
import { type ConnectorChange, updateConnector } from './update-connector.ts';

/** An operator's changes; omitted fields stay as they are. */
export interface ConnectorPatch {
  readonly name?: string;
  /** Omitted fields stay as they are, including secret ones; `null` resets a field to its default. */
  readonly config?: JsonObject;
  /** Name of the connection to use; its fields replace the connector's own. `null` for none. */
  readonly connection?: string | null;
  readonly enabled?: boolean;
  /** What to do with results held for the connector; only with `enabled: true`. */
  readonly heldDecision?: HeldDecision;
  /** A name without a condition removes the condition of its link. */
  readonly agents?: readonly GivenLink[];
  /** `null` or blank: it wants everything. */
  readonly filter?: string | null;
  /** Outbound: what it delivers from now on. */
  readonly delivery?: DeliveryMode;
}

export type ChangeOutcome =
  | {
      readonly outcome: 'changed' | 'unchanged';
      readonly connector: Connector;
      /** The results still held, if an outbound connector was enabled; otherwise `null`. */
      readonly held: HeldCount | null;
    }
  | Refusal<'connector-not-found' | 'invalid-request' | 'name-taken'>;

/**
 * Changes a connector. A patch that changes nothing writes neither the record nor the audit log.
 *
 * @returns `refused` with every problem of the patch; nothing was changed then
 * @throws RetryableError when the store is unavailable, or others keep changing the connector
 */
export async function changeConnector(
  engine: Engine,
  actor: string,
  connectorId: string,
  patch: ConnectorPatch,
): Promise<ChangeOutcome> {
  let secretsChanged = false;
  let nameBefore: string | null = null;
  const noteSecrets = () => {
    secretsChanged = true;
  };
  const before = reconfigures(patch) ? await openRegistered(engine, connectorId) : null;
  const updated = await updateConnector(engine, connectorId, async (stored) => {
    nameBefore = stored.name;
    const change = await applyPatch(engine, stored, patch, noteSecrets);
    return 'outcome' in change || secretsChanged || changes(stored, change) ? change : null;
  });
  if (updated.outcome === 'refused') return updated;
  const { connector } = updated;
  if (nameBefore !== null && nameBefore !== connector.name) {
    await engine.connectorNames.release(nameBefore, connectorId);
  }
  if (updated.outcome === 'updated') {
    await recordAction(engine, actor, actionOf(patch), connectorId, detailOf(patch));
  }
  if (before !== null && updated.outcome === 'updated') await unregisterFormer(engine, before);
  const held =
    patch.enabled === true && connector.mode === 'outbound'
      ? await settleHeld(engine, actor, connectorId, patch.heldDecision ?? 'keep')
      : null;
  return { outcome: updated.outcome === 'updated' ? 'changed' : 'unchanged', connector, held };
}

/** Applies the decision to held results, as many as one call can. @returns those still held */
async function settleHeld(
  engine: Engine,
  actor: string,
  connectorId: string,
  decision: HeldDecision,
): Promise<HeldCount> {
  if (decision === 'send') await redeliverMany(engine, actor, { status: 'held', connectorId });
  if (decision === 'drop') await dropMany(engine, actor, { connectorId });
  return engine.deliveries.countHeld(connectorId);
}

async function applyPatch(
  engine: Engine,
  stored: Connector,
  patch: ConnectorPatch,
  noteSecrets: () => void,
): Promise<ConnectorChange | Refusal<'invalid-request' | 'name-taken'>> {
  const ofName = patch.name === undefined ? [] : nameProblems(patch.name);
  const isOutbound = stored.mode === 'outbound';
  const ofAgents = [
    ...linkProblems(engine, patch.agents ?? [], isOutbound, stored.agents),
    ...conditionProblems('filter', patch.filter, isOutbound),
    ...deliveryProblemsOf(engine, stored, patch),
  ];
  const restIsValid = ofName.length + ofAgents.length + decisionProblems(patch).length === 0;
  const name = patch.name?.trim() ?? stored.name;
  const isRenamed = name !== stored.name;
  const configure = async (mayStore: boolean) =>
    reconfigures(patch) ? changeConfig(engine, stored, patch, mayStore, noteSecrets) : null;
  const checked = await configure(restIsValid && !isRenamed);
  const ofConfig = checked?.outcome === 'invalid' ? checked.problems : [];
  const problems = [...ofName, ...ofConfig, ...ofAgents, ...decisionProblems(patch)];
  if (problems.length > 0) return refuseInvalid(problems);
  const taken = isRenamed ? await claimName(engine, name, stored.id) : null;
  if (taken !== null) return taken;
  // Only a connector that has its new name gets its new secrets.
  const config = isRenamed ? await configure(true) : checked;
  if (config?.outcome === 'invalid') return refuseInvalid(config.problems);
  return {
    ...(patch.name === undefined ? {} : { name: patch.name.trim() }),
    ...(patch.agents === undefined ? {} : { agents: patch.agents.map(nameOfLink) }),
    ...conditionsAfter(stored, patch),
    ...deliveryAfter(engine, stored, patch),
    ...(patch.enabled === undefined ? {} : enabling(engine, stored, patch)),
    ...(config?.outcome === 'valid'
      ? { config: config.config, secretFields: Object.keys(config.secrets), connection: config.used }
      : {}),
  };
}

/** Agents that are linked already are not reported again: their type may have changed since. */
function deliveryProblemsOf(engine: Engine, stored: Connector, patch: ConnectorPatch): FieldProblem[] {
  const before = deliveryModeOf(stored);
  const { delivery = before, agents = patch.delivery === undefined ? [] : stored.agents } = patch;
  const isNew = (name: string) => delivery !== before || !stored.agents.includes(name);
  const problems = deliveryProblems(engine, { ...stored, delivery, agents });
  return problems.filter(({ field }) => {
    const link = agents[Number(field.split('.')[1])];
    return link === undefined || isNew(nameOfLink(link));
  });
}

function reconfigures({ config, connection }: ConnectorPatch): boolean {
  return config !== undefined || connection !== undefined;
}

function conditionsAfter(stored: Connector, { filter, agents }: ConnectorPatch): ConnectorChange {
  const conditions = withConditions(stored.conditions ?? noConditions, {
    ...(filter === undefined ? {} : { filter }),
    ...(agents === undefined ? {} : { links: conditionsOfLinks(agents) }),
  });
  return stored.conditions === undefined && !hasConditions(conditions) ? {} : { conditions };
}

function deliveryAfter(engine: Engine, stored: Connector, { delivery }: ConnectorPatch): ConnectorChange {
  if (delivery === undefined || delivery === deliveryModeOf(stored)) return {};
  return { byChoice: byChoiceOf(engine.types, stored.type, delivery) };
}

function changes(stored: Connector, change: ConnectorChange): boolean {
  return JSON.stringify({ ...stored, ...change }) !== JSON.stringify(stored);
}

/**
 * Merges the given fields and those of the connection into the stored configuration, including its secret fields. Stores changed secrets, if
 * the configuration is valid.
 *
 * @param mayStore false only checks
 * @param noteSecrets called if secrets change, which the record itself does not show
 */
async function changeConfig(
  engine: Engine,
  stored: Connector,
  patch: ConnectorPatch,
  mayStore: boolean,
  noteSecrets: () => void,
): Promise<ParsedDraft | Extract<ParsedConfig, { outcome: 'invalid' }>> {
  const found = findMode(engine.types, stored.type, stored.mode);
  if (found.outcome === 'unknown') {
    const message = `this version has no connector type "${stored.type}" with the mode ${stored.mode}`;
    return { outcome: 'invalid', problems: [{ field: 'config', message }] };
  }
  const { mode } = found;
  const { config: given = {} } = patch;
  const taken = await takePatched(engine, found, stored, patch);
  if (taken.outcome === 'invalid') return taken;
  const { used, values } = taken;
  const own = ownConfig(stored.config, stored.connection);
  const merge = (secrets: ConnectorSecrets): ParsedConfig => {
    const ownSecrets = ownConfig(secrets.config, stored.connection);
    const whole = withoutNulls({ ...own, ...ownSecrets, ...given, ...values });
    const parsed = parseConfig(mode, whole, engine.settings);
    if (parsed.outcome === 'invalid') return parsed;
    const problems = wayProblems(engine, { ...stored, config: parsed.config });
    return problems.length === 0 ? parsed : { outcome: 'invalid', problems };
  };
  const laidOver = { ...own, ...given, ...values };
  const others = [
    ...(await originProblems(engine, laidOver, stored.config)),
    ...(await verifyProblems(mode, withoutNulls(laidOver))),
  ];
  const kept = await engine.secrets.change(stored.id, (secrets) => {
    const merged = merge(secrets);
    if (!mayStore || others.length > 0 || merged.outcome === 'invalid') return null;
    if (areSame(merged.secrets, secrets.config)) return null;
    noteSecrets();
    return { ...secrets, config: merged.secrets };
  });
  const merged = merge(kept);
  if (merged.outcome === 'valid' && others.length === 0) return { ...merged, used };
  const problems = merged.outcome === 'invalid' ? merged.problems : others;
  return { outcome: 'invalid', problems: problemsOfTaken(problems, used) };
}

/** Takes the fields of the patch's connection, or again those of the connection that the connector uses. */
async function takePatched(
  engine: Engine,
  found: Taker,
  stored: Connector,
  { config = {}, connection }: ConnectorPatch,
): Promise<TakeOutcome> {
  if (connection !== undefined) return takeConnection(engine, found, connection, config);
  const opened = stored.connection === null ? null : await engine.connections.get(stored.connection.id);
  return opened === null ? { outcome: 'taken', ...nothingTaken } : takeFrom(found, opened, config);
}

function areSame(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

function withoutNulls(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => value !== null));
}

/** Operators decide about held results when these can be sent. */
function decisionProblems({ enabled, heldDecision }: ConnectorPatch): FieldProblem[] {
  if (heldDecision === undefined || enabled === true) return [];
  return [{ field: 'held_deliveries', message: 'can be used only with "enabled": true' }];
}

function enabling(engine: Engine, stored: Connector, patch: ConnectorPatch): ConnectorChange {
  if (stored.enabled === patch.enabled) return {};
  const now = engine.clock();
  return patch.enabled ? enable(stored, now, patch.heldDecision ?? 'keep') : disable(stored, now, null);
}

function actionOf(patch: ConnectorPatch): string {
  const { enabled, heldDecision: _decision, ...others } = patch;
  if (enabled === undefined || Object.keys(others).length > 0) return 'connector.changed';
  return enabled ? 'connector.enabled' : 'connector.disabled';
}

function detailOf(patch: ConnectorPatch): string | null {
  const fields = Object.keys(patch);
  return actionOf(patch) === 'connector.changed' ? `Changed: ${fields.join(', ')}.` : null;
}
