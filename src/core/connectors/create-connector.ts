import type { UsedConnection } from '../connections/named-connection.ts';
import { problemsOfTaken, type Taker, takeConnection } from '../connections/take-connection.ts';
import { lineProblem } from '../control-characters.ts';
import { byChoiceOf, deliveryProblems } from '../deliveries/by-choice.ts';
import type { FieldProblem } from '../field-problem.ts';
import {
  conditionOrNone,
  conditionProblems,
  conditionsOfLinks,
  type GivenLink,
  hasConditions,
  nameOfLink,
} from '../filters/connector-conditions.ts';
import { uuidV4 } from '../identifiers.ts';
import type { JsonObject } from '../json/json-value.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse, refuseInvalid } from '../refusal.ts';
import type { Connector, DeliveryMode, Mode } from './connector.ts';
import { findMode, type ParsedConfig, parseConfig, verifyProblems, wayProblems } from './connector-config.ts';
import { type ConnectorSecrets, hashSecret } from './connector-secrets.ts';
import { linkProblems, originProblems } from './link-agent.ts';

export interface ConnectorDraft {
  readonly name: string;
  readonly type: string;
  readonly mode: Mode;
  readonly config: JsonObject;
  /** Name of the connection that gives the rest of the configuration; absent or `null` for none. */
  readonly connection?: string | null;
  readonly agents: readonly GivenLink[];
  /** Which events, or which results, it wants; blank or absent for all. */
  readonly filter?: string | null;
  /** Outbound: what it delivers; absent for the results of runs. */
  readonly delivery?: DeliveryMode;
}

export type CreateOutcome =
  | {
      readonly outcome: 'created';
      readonly connector: Connector;
      /** `null` if the mode has no secret. */
      readonly secret: string | null;
    }
  | Refusal<'invalid-request' | 'name-taken'>;

/**
 * Creates a connector with its secret and its links. Stores the secret first: a crash in between leaves an unreachable
 * secret, never a connector without one.
 *
 * @returns `refused` with every problem of the draft
 * @throws RetryableError when the store is unavailable; no connector was created then
 */
export async function createConnector(
  engine: Engine,
  actor: string,
  draft: ConnectorDraft,
): Promise<CreateOutcome> {
  const found = findMode(engine.types, draft.type, draft.mode);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const { mode } = found;
  const parsed = await parseDraft(engine, found, draft);
  const problems = [
    ...nameProblems(draft.name),
    ...(parsed.outcome === 'invalid'
      ? parsed.problems
      : problemsOfTaken(await placeProblems(engine, draft, parsed.config), parsed.used)),
    ...linkProblems(engine, draft.agents, draft.mode === 'outbound'),
    ...conditionProblems('filter', draft.filter, draft.mode === 'outbound'),
    ...deliveryProblems(engine, draft),
  ];
  if (parsed.outcome === 'invalid' || problems.length > 0) return refuseInvalid(problems);

  const secret = mode.makeSecret?.(engine.entropy) ?? null;
  const connector = makeConnector(engine, draft, parsed, secret);
  const taken = await claimName(engine, connector.name, connector.id);
  if (taken !== null) return taken;
  try {
    await store(engine, connector, { current: secret, previous: null, config: parsed.secrets });
  } catch (thrown) {
    // The name is then free for the next try. If releasing it fails as well, the claim expires.
    await engine.connectorNames.release(connector.name, connector.id).catch(() => undefined);
    throw thrown;
  }
  await recordAction(engine, actor, 'connector.created', connector.id, `Created "${connector.name}".`);
  return { outcome: 'created', connector, secret };
}

/** A valid configuration, and what of it comes from a connection. */
export type ParsedDraft = Extract<ParsedConfig, { outcome: 'valid' }> & {
  readonly used: UsedConnection | null;
};

/** Validates the configuration of a draft together with what it takes from its connection. */
export async function parseDraft(
  engine: Engine,
  found: Taker,
  { config, connection = null }: Pick<ConnectorDraft, 'config' | 'connection'>,
): Promise<ParsedDraft | Extract<ParsedConfig, { outcome: 'invalid' }>> {
  const taken = await takeConnection(engine, found, connection, config);
  if (taken.outcome === 'invalid') return taken;
  const { used, values } = taken;
  const parsed = parseConfig(found.mode, { ...config, ...values }, engine.settings);
  if (parsed.outcome === 'valid') return { ...parsed, used };
  return { outcome: 'invalid', problems: problemsOfTaken(parsed.problems, used) };
}

async function store(engine: Engine, connector: Connector, secrets: ConnectorSecrets): Promise<void> {
  if (secrets.current !== null || connector.secretFields.length > 0) {
    await engine.secrets.change(connector.id, () => secrets);
  }
  await engine.connectors.create(connector);
}

/** Problems in this system: missing connectors, no way for its events, and what `verify` finds. */
export async function placeProblems(
  engine: Engine,
  { type, mode }: Pick<ConnectorDraft, 'type' | 'mode'>,
  config: JsonObject,
): Promise<FieldProblem[]> {
  return [
    ...wayProblems(engine, { type, mode, config }),
    ...(await originProblems(engine, config)),
    ...(await verifyProblems(engine.types.get(type)?.modes[mode], config)),
  ];
}

/** Problems of a name that people refer to: of a connector, a connection, or a budget. */
export function nameProblems(name: string): FieldProblem[] {
  const message = name.trim() === '' ? 'is required' : lineProblem(name.trim());
  return message === null ? [] : [{ field: 'name', message }];
}

/**
 * A new, enabled connector that is not stored yet.
 *
 * @param parsed its configuration
 * @param secret the connector's own; the record gets only its hash
 */
export function makeConnector(
  engine: Engine,
  draft: ConnectorDraft,
  parsed: ParsedDraft,
  secret: string | null,
): Connector {
  const now = engine.clock();
  const conditions = {
    filter: conditionOrNone(draft.filter),
    links: conditionsOfLinks(draft.agents),
  };
  const byChoice = byChoiceOf(engine.types, draft.type, draft.delivery ?? 'automatic');
  return {
    id: uuidV4(engine.entropy),
    name: draft.name.trim(),
    type: draft.type,
    mode: draft.mode,
    config: parsed.config,
    secretFields: Object.keys(parsed.secrets),
    connection: parsed.used,
    agents: draft.agents.map(nameOfLink),
    ...(hasConditions(conditions) ? { conditions } : {}),
    ...(byChoice === undefined ? {} : { byChoice }),
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    paused: null,
    secretHashes: secret === null ? [] : [{ sha256: hashSecret(secret), expiresAt: null }],
    failingSince: null,
    failureTally: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * Ensures that no other connector has the name: people and commands refer to connectors by name.
 *
 * @returns `null` if the connector has the name now
 * @throws RetryableError when the store is unavailable
 */
export async function claimName(
  engine: Engine,
  name: string,
  connectorId: string,
): Promise<Refusal<'name-taken'> | null> {
  const claimed = await engine.connectorNames.claim(name, connectorId, engine.clock());
  if (claimed === 'claimed') return null;
  const refused = refuse('name-taken', `A connector named "${name}" already exists. Use another name.`);
  return { ...refused, problems: [{ field: 'name', message: 'is the name of another connector' }] };
}
