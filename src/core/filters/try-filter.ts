import type { ConditionScope } from '../conditions/evaluate-condition.ts';
import type { Connector } from '../connectors/connector.ts';
import { findMode } from '../connectors/connector-config.ts';
import { makeConnector } from '../connectors/create-connector.ts';
import type { FieldProblem } from '../field-problem.ts';
import { type JsonValue, Payload } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import {
  connectorNotFound,
  type Refusal,
  refuse,
  refuseInvalid,
  runNotFound,
  triggerNotFound,
} from '../refusal.ts';
import { arrivalAt } from '../triggers/dispatch-trigger.ts';
import {
  type ConnectorConditions,
  conditionOrNone,
  conditionProblems,
  noConditions,
  withConditions,
} from './connector-conditions.ts';
import { eventScope, type JudgedEvent } from './event-scope.ts';
import { judgeConditions, type Verdict } from './judge-conditions.ts';
import { resultScope, scopeOfResult } from './result-scope.ts';

/** Conditions to try out, and what to try them on: exactly one of `triggerId`, `runId`, and `payload`. */
export interface FilterTrial {
  /** In place of the connector's own; `null` or blank for none. */
  readonly filter?: string | null;
  /** In place of the links' own: for every linked agent, or by the agent's name. */
  readonly when?: string | null | Readonly<Record<string, string | null>>;
  readonly triggerId?: string;
  /** For outbound connectors. */
  readonly runId?: string;
  /** For outbound connectors, an object with `output`, `status`, `input`, and `context`. */
  readonly payload?: JsonValue;
  /** Of the request that brings the payload. */
  readonly headers?: Readonly<Record<string, string>>;
}

export type TryFilterOutcome =
  | {
      readonly outcome: 'tried';
      /** Whether at least one agent wants it; without agents, whether the filter holds. */
      readonly wanted: boolean;
      /** Why not, in one sentence; `null` if it is wanted. */
      readonly reason: string | null;
      readonly agents: readonly Verdict[];
    }
  | Refusal<
      'connector-not-found' | 'invalid-request' | 'trigger-not-found' | 'run-not-found' | 'payload-unreadable'
    >;

/**
 * Tells what a connector's conditions, or other ones, make of a stored or given event. Changes nothing.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function tryFilter(
  engine: Engine,
  connectorId: string,
  trial: FilterTrial,
): Promise<TryFilterOutcome> {
  const connector = await engine.connectors.get(connectorId);
  return connector === null ? connectorNotFound(connectorId) : tryConditions(engine, connector, trial);
}

/**
 * The same for a connector that is not created yet: its links are those of `when`.
 *
 * @throws RetryableError when the store is unavailable
 */
export async function tryDraftFilter(
  engine: Engine,
  { name, type, mode }: Pick<Connector, 'name' | 'type' | 'mode'>,
  trial: Omit<FilterTrial, 'triggerId' | 'headers'>,
): Promise<TryFilterOutcome> {
  const found = findMode(engine.types, type, mode);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const draft = { name, type, mode, config: {}, agents: [] };
  const parsed = { outcome: 'valid', config: {}, secrets: {}, used: null } as const;
  return tryConditions(engine, makeConnector(engine, draft, parsed, null), trial);
}

async function tryConditions(
  engine: Engine,
  connector: Connector,
  trial: FilterTrial,
): Promise<TryFilterOutcome> {
  const links = triedLinks(connector, trial);
  const problems = [...trialProblems(connector, trial, links), ...sourceProblems(connector, trial)];
  if (problems.length > 0) return refuseInvalid(problems);
  const found = await scopeOf(engine, connector, trial);
  if (found.outcome === 'refused') return found;
  const stored = connector.conditions ?? noConditions;
  const conditions = withConditions(stored, {
    ...(trial.filter === undefined ? {} : { filter: trial.filter }),
    links: Object.fromEntries([...links].flatMap(([name, when]) => (when === null ? [] : [[name, when]]))),
  });
  return verdictOf(conditions, [...links.keys()], found.scope);
}

function verdictOf(
  conditions: ConnectorConditions,
  names: readonly string[],
  scope: ConditionScope,
): TryFilterOutcome {
  const agents = judgeConditions(conditions, names, scope);
  // Without agents, the filter alone decides.
  const verdicts = names.length === 0 ? judgeConditions(conditions, [''], scope) : agents;
  const wanted = verdicts.some((verdict) => verdict.wanted);
  const reason = wanted ? null : (verdicts.find((verdict) => verdict.reason !== null)?.reason ?? null);
  return { outcome: 'tried', wanted, reason, agents };
}

/** The condition of each link, linked already or to be tried. */
function triedLinks(
  { agents, conditions = noConditions }: Connector,
  { when }: FilterTrial,
): Map<string, string | null> {
  const own = new Map(Object.entries(conditions.links));
  const stored = agents.map((name) => [name, own.get(name) ?? null] as const);
  if (when === undefined) return new Map(stored);
  if (when === null || typeof when === 'string') {
    return new Map(agents.map((name) => [name, conditionOrNone(when)]));
  }
  return new Map([
    ...stored,
    ...Object.entries(when).map(([name, text]) => [name, conditionOrNone(text)] as const),
  ]);
}

function trialProblems(
  { mode }: Connector,
  { filter, when }: FilterTrial,
  links: ReadonlyMap<string, string | null>,
): FieldProblem[] {
  const isOutbound = mode === 'outbound';
  const ofFilter = conditionProblems('filter', filter, isOutbound);
  if (when === undefined || when === null || typeof when === 'string') {
    return [...ofFilter, ...conditionProblems('when', when, isOutbound)];
  }
  const given = Object.keys(when).flatMap((name) =>
    conditionProblems(`when.${name}`, links.get(name), isOutbound),
  );
  return [...ofFilter, ...given];
}

function sourceProblems({ mode }: Connector, { triggerId, runId, payload }: FilterTrial): FieldProblem[] {
  const stored = mode === 'outbound' ? 'run_id' : 'trigger_id';
  const given = [triggerId, runId, payload].filter((source) => source !== undefined);
  if (given.length !== 1) {
    return [{ field: '', message: `give either ${stored} or payload` }];
  }
  if (mode === 'outbound' && triggerId !== undefined) {
    return [{ field: 'trigger_id', message: 'an outbound connector filters results of runs; use run_id' }];
  }
  if (mode !== 'outbound' && runId !== undefined) {
    return [{ field: 'run_id', message: 'this connector filters events; use trigger_id' }];
  }
  return [];
}

type FoundScope =
  | { readonly outcome: 'found'; readonly scope: ConditionScope }
  | Refusal<'trigger-not-found' | 'run-not-found' | 'payload-unreadable'>;

async function scopeOf(engine: Engine, connector: Connector, trial: FilterTrial): Promise<FoundScope> {
  const { triggerId, runId, payload = null } = trial;
  if (triggerId !== undefined) return scopeOfTrigger(engine, connector, triggerId);
  if (runId !== undefined) {
    const run = await engine.runs.get(runId);
    return run === null ? runNotFound(runId) : { outcome: 'found', scope: resultScope(run) };
  }
  if (connector.mode === 'outbound') return { outcome: 'found', scope: scopeOfResult(payload) };
  const event = { payload: Payload.of(payload), ...requestWith(engine, connector, trial.headers) };
  return { outcome: 'found', scope: eventScope(connector, event) };
}

async function scopeOfTrigger(engine: Engine, connector: Connector, triggerId: string): Promise<FoundScope> {
  const trigger = await engine.runs.getTrigger(triggerId);
  if (trigger !== null) return { outcome: 'found', scope: eventScope(connector, trigger) };
  const request = await engine.refusedRequests.find(triggerId);
  if (request === null) return triggerNotFound(triggerId);
  const detail = 'The request was refused, and its body is not stored. Paste its payload instead.';
  return refuse('payload-unreadable', detail);
}

/** What would be stored of a request with these headers. */
function requestWith(
  engine: Engine,
  connector: Connector,
  given: FilterTrial['headers'] = {},
): Pick<JudgedEvent, 'context' | 'arrival'> {
  const way = engine.types.get(connector.type)?.modes[connector.mode]?.ways?.request;
  const named = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value] as const);
  const request = { method: 'POST', query: '', headers: Object.fromEntries(named) };
  const passed = named.filter(([name]) => way?.passesHeader?.(name, connector) === true);
  return {
    context: { request: { headers: Object.fromEntries(passed) } },
    arrival: arrivalAt(request, way, connector),
  };
}
