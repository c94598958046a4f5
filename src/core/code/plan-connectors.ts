import { problemsOfTaken } from '../connections/take-connection.ts';
import type { Connector } from '../connectors/connector.ts';
import {
  configSchema,
  findMode,
  secretFieldNames,
  verifyProblems,
  wayProblems,
} from '../connectors/connector-config.ts';
import type { ModeDescription } from '../connectors/connector-type.ts';
import { makeConnector, nameProblems, type ParsedDraft, parseDraft } from '../connectors/create-connector.ts';
import { disable, enable } from '../connectors/disabled-periods.ts';
import { eachConnector } from '../connectors/each-connector.ts';
import { linkProblems } from '../connectors/link-agent.ts';
import type { ConnectorChange } from '../connectors/update-connector.ts';
import { byChoiceOf, deliveryModeOf, deliveryProblems } from '../deliveries/by-choice.ts';
import type { FieldProblem } from '../field-problem.ts';
import {
  conditionOrNone,
  conditionProblems,
  conditionsOfLinks,
  hasConditions,
  nameOfLink,
} from '../filters/connector-conditions.ts';
import { uuidV4 } from '../identifiers.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import { suggestion } from '../nearest-name.ts';
import type { ChangedConnector, ConnectorChangeSet } from '../ports/connector-changes.ts';
import type { Engine, OpenConnector } from '../ports/engine.ts';
import { type Refusal, refuseInvalid } from '../refusal.ts';
import { changesBetween, codeStateOf, driftOf, type FieldChange } from './code-state.ts';
import { fillSecrets } from './named-secrets.ts';
import { type CodeDraft, isFileName, type Plan, type PlanStep, planOf, removalOf } from './plan.ts';
import { type ConnectorsByName, resolveOrigins } from './resolve-origins.ts';

/** A plan, and the changes that carry it out. */
export interface PreparedPlan {
  readonly outcome: 'planned';
  readonly plan: Plan;
  readonly changes: Omit<ConnectorChangeSet, 'entries'>;
}

/**
 * Compares the connectors that files describe with those that exist. Connectors that were created by hand stay as they
 * are, except one with the name, type and mode of a file: it comes from code from then on. Changes nothing.
 *
 * @returns `refused` with every problem of every file, as `connectors.<index>.<field>`
 * @throws RetryableError when the store is unavailable
 */
export async function planConnectors(
  engine: Engine,
  drafts: readonly CodeDraft[],
): Promise<PreparedPlan | Refusal<'invalid-request'>> {
  const existing = await Array.fromAsync(eachConnector(engine.connectors));
  const matches = matchDrafts(engine, drafts, existing);
  const removed = existing.filter(
    ({ id, code }) => code !== undefined && !matches.some((match) => match.stored?.id === id),
  );
  const replaced = matches.flatMap(({ replaces }) => replaces ?? []);
  const left = existing.filter((connector) => !removed.includes(connector));
  const names = namesAfter(matches, left);
  const named = await engine.namedSecrets.values();
  const checked = await Promise.all(
    matches.map((match) => checkDraft(engine, { match, matches, others: left, names, named })),
  );
  const problems = checked.flatMap((each) => (each.outcome === 'invalid' ? each.problems : []));
  if (problems.length > 0) return refuseInvalid(problems);
  const valid = checked.flatMap((each) => (each.outcome === 'valid' ? each : []));
  const nameOf = namesById(existing, matches);
  const wanted = await Promise.all(valid.map((each) => wantedOf(engine, each, nameOf)));
  const gone = removed.filter((connector) => !replaced.includes(connector));
  const steps = [
    ...wanted.flatMap(({ step }) => step ?? []),
    ...gone.map((connector) => removalOf(connector, connector.code?.key ?? '')),
  ].sort((one, other) => (one.key < other.key ? -1 : 1));
  return {
    outcome: 'planned',
    plan: planOf(steps, wanted.filter(({ step }) => step === null).length),
    changes: {
      created: wanted.flatMap(({ created }) => created ?? []),
      changed: wanted.flatMap(({ changed }) => changed ?? []),
      removed,
    },
  };
}

/** A draft with the connector that it is about. */
interface Match {
  readonly index: number;
  readonly draft: CodeDraft;
  /** Of the existing connector, or of the one to create. */
  readonly id: string;
  readonly stored: Connector | null;
  /** The connector of this file, if it has another type or mode. */
  readonly replaces: Connector | null;
}

function matchDrafts(
  engine: Engine,
  drafts: readonly CodeDraft[],
  existing: readonly Connector[],
): readonly Match[] {
  const byKey = new Map(existing.flatMap((one) => (one.code === undefined ? [] : [[one.code.key, one]])));
  const byHand = new Map(existing.flatMap((one) => (one.code === undefined ? [[one.name, one]] : [])));
  return drafts.map((draft, index) => {
    const isOfKind = (one: Connector | undefined) => one?.type === draft.type && one.mode === draft.mode;
    const before = byKey.get(draft.key);
    const adoptable = byHand.get(draft.name.trim());
    const found = isOfKind(before)
      ? before
      : before === undefined && isOfKind(adoptable)
        ? adoptable
        : undefined;
    const replaces = found === undefined ? (before ?? null) : null;
    return { index, draft, id: found?.id ?? uuidV4(engine.entropy), stored: found ?? null, replaces };
  });
}

function namesAfter(matches: readonly Match[], left: readonly Connector[]): ConnectorsByName {
  return new Map([
    ...left.map((one) => [one.id, one] as const),
    ...left.map((one) => [one.name, one] as const),
    ...matches.map(({ id, draft }) => [draft.name.trim(), { id, mode: draft.mode }] as const),
    ...matches.map(({ id, draft }) => [draft.key, { id, mode: draft.mode }] as const),
  ]);
}

/** What people and files call a connector. A new one has no id yet that they could know. */
type NameOf = (id: string) => string;

function namesById(existing: readonly Connector[], matches: readonly Match[]): NameOf {
  const names = new Map([
    ...existing.map(({ id, name }) => [id, name] as const),
    ...matches.map(({ id, draft }) => [id, draft.key] as const),
  ]);
  return (id) => names.get(id) ?? id;
}

function readable<Change extends FieldChange>(change: Change, nameOf: NameOf): Change {
  if (change.field !== 'config.from_connectors') return change;
  const named = (value: JsonValue) =>
    Array.isArray(value) ? value.map((id) => (typeof id === 'string' ? nameOf(id) : id)) : value;
  return { ...change, before: named(change.before), after: named(change.after) };
}

interface DraftContext {
  readonly match: Match;
  readonly matches: readonly Match[];
  /** The connectors that stay. */
  readonly others: readonly Connector[];
  readonly names: ConnectorsByName;
  readonly named: Readonly<Record<string, string>>;
}

interface ValidDraft {
  readonly outcome: 'valid';
  readonly match: Match;
  readonly mode: ModeDescription;
  readonly parsed: ParsedDraft;
}

/**
 * Problems of a description that do not depend on what a system stores; those of its configuration are not among them.
 *
 * @param linked agents already linked, which may have left the project since
 */
export function ownProblems(
  known: Pick<Engine, 'types' | 'agents'>,
  draft: CodeDraft,
  linked: readonly string[] = [],
): FieldProblem[] {
  const isOutbound = draft.mode === 'outbound';
  return [
    ...(isFileName(draft.key)
      ? []
      : [{ field: 'key', message: 'must be the name of a file, without a path' }]),
    ...nameProblems(draft.name),
    ...linkProblems(known, draft.agents, isOutbound, linked),
    ...conditionProblems('filter', draft.filter, isOutbound),
    ...deliveryProblems(known, draft),
  ];
}

/** The problem of an unknown type or mode, with a suggestion. */
export function unknownProblem(
  { types }: Pick<Engine, 'types'>,
  draft: CodeDraft,
  { field, message }: FieldProblem,
): FieldProblem {
  const meant = field === 'type' ? suggestion(draft.type, types.keys()) : '';
  return { field, message: meant === '' ? message : `${message}.${meant}` };
}

type Checked = ValidDraft | { readonly outcome: 'invalid'; readonly problems: readonly FieldProblem[] };

async function checkDraft(engine: Engine, context: DraftContext): Promise<Checked> {
  const { draft, index, stored } = context.match;
  const inFile = ({ field, message }: FieldProblem) => ({ field: `connectors.${index}.${field}`, message });
  const common = [...ownProblems(engine, draft, stored?.agents), ...takenNames(context)];
  const found = findMode(engine.types, draft.type, draft.mode);
  if (found.outcome === 'unknown') {
    const problems = [unknownProblem(engine, draft, found.problem), ...common];
    return { outcome: 'invalid', problems: problems.map(inFile) };
  }
  const { mode } = found;
  const filled = fillSecrets(draft.config, secretFieldNames(mode), context.named);
  const resolved = resolveOrigins(filled.config, context.names);
  const unfilled = new Set(filled.problems.map(({ field }) => `config.${field}`));
  const { connection = null } = draft;
  const parsed = await parseDraft(engine, found, { config: resolved.config, connection });
  const ofConfig = [
    ...[...filled.problems, ...resolved.problems].map(({ field, message }) => ({
      field: `config.${field}`,
      message,
    })),
    ...(parsed.outcome === 'invalid'
      ? parsed.problems
          .filter(({ field }) => !unfilled.has(field))
          .map((problem) => withSuggestion(problem, mode))
      : problemsOfTaken(
          [
            ...wayProblems(engine, { ...draft, config: parsed.config }),
            ...(await verifyProblems(mode, parsed.config)),
          ],
          parsed.used,
        )),
  ];
  if (parsed.outcome === 'invalid' || common.length + ofConfig.length > 0) {
    return { outcome: 'invalid', problems: [...common, ...ofConfig].map(inFile) };
  }
  return { outcome: 'valid', match: context.match, mode, parsed };
}

/** Names the field that a misspelled one was probably meant to be. */
export function withSuggestion({ field, message }: FieldProblem, mode: ModeDescription): FieldProblem {
  const [, name = '', ...inner] = field.split('.');
  const { properties } = configSchema(mode);
  if (message !== 'is not a known field' || inner.length > 0 || !isJsonObject(properties))
    return { field, message };
  return { field, message: `${message}.${suggestion(name, Object.keys(properties))}` };
}

/** The problem of the second of two files with one name. */
export function twinProblem({ key }: CodeDraft): FieldProblem {
  return { field: 'name', message: `is also the name of connectors/${key}.yaml` };
}

function takenNames({ match, matches, others }: DraftContext): FieldProblem[] {
  const name = match.draft.name.trim();
  const twin = matches.find(({ index, draft }) => index < match.index && draft.name.trim() === name);
  if (twin !== undefined) return [twinProblem(twin.draft)];
  const holder = others.find(
    (one) => one.name === name && !matches.some(({ stored }) => stored?.id === one.id),
  );
  if (holder === undefined) return [];
  const kind = `${holder.mode} ${holder.type} connector`;
  return [
    { field: 'name', message: `is the name of another connector, an existing ${kind}; rename one of them` },
  ];
}

interface Wanted {
  /** `null` if there is nothing to do. */
  readonly step: PlanStep | null;
  readonly created?: OpenConnector;
  readonly changed?: ChangedConnector;
}

async function wantedOf(engine: Engine, valid: ValidDraft, nameOf: NameOf): Promise<Wanted> {
  const { stored } = valid.match;
  return stored === null ? creationOf(engine, valid, nameOf) : changeOf(engine, valid, stored, nameOf);
}

function creationOf(engine: Engine, { match, mode, parsed }: ValidDraft, nameOf: NameOf): Wanted {
  const { draft, replaces, id } = match;
  const secret = mode.makeSecret?.(engine.entropy) ?? null;
  const { key, enabled, ...fields } = draft;
  const made = { ...makeConnector(engine, fields, parsed, secret), id };
  const connector = enabled ? made : { ...made, ...disable(made, engine.clock(), null) };
  const { name, type, mode: modeName } = connector;
  const step: PlanStep = {
    action: replaces === null ? 'create' : 'replace',
    key,
    name,
    type,
    mode: modeName,
    connectorId: replaces?.id ?? null,
    isAdopted: false,
    changes: changesBetween({}, codeStateOf(connector))
      .filter(({ after, isSecret }) => isSecret || after !== null)
      .map((change) => ({ ...readable(change, nameOf), editedElsewhere: false })),
  };
  const code = { key, applied: codeStateOf(connector) };
  return {
    step,
    created: {
      connector: { ...connector, code },
      secrets: { current: secret, previous: null, config: parsed.secrets },
    },
  };
}

async function changeOf(
  engine: Engine,
  valid: ValidDraft,
  stored: Connector,
  nameOf: NameOf,
): Promise<Wanted> {
  const { match, parsed } = valid;
  const { draft } = match;
  const fields = {
    name: draft.name.trim(),
    agents: draft.agents.map(nameOfLink),
    ...conditionsOf(draft, stored),
    ...deliveryOf(engine, draft, stored),
    config: parsed.config,
    secretFields: Object.keys(parsed.secrets),
    connection: parsed.used,
    ...(draft.enabled === stored.enabled
      ? {}
      : draft.enabled
        ? enable(stored, engine.clock(), 'keep')
        : disable(stored, engine.clock(), null)),
  };
  const laidOver = { ...stored, ...fields };
  const applied = codeStateOf(laidOver);
  const changedSecrets = await secretChanges(engine, stored, parsed.secrets);
  const open = changesBetween(codeStateOf(stored), applied);
  const drifted = new Set(driftOf(stored).map(({ field }) => field));
  const changes = [
    ...open,
    ...changedSecrets.filter(({ field }) => !open.some((one) => one.field === field)),
  ].map((change) => ({ ...readable(change, nameOf), editedElsewhere: drifted.has(change.field) }));
  const isRecorded =
    stored.code?.key === draft.key && changesBetween(stored.code.applied, applied).length === 0;
  if (changes.length === 0 && isRecorded) return { step: null };
  const after: Connector = {
    ...laidOver,
    code: { key: draft.key, applied },
    version: stored.version + 1,
    updatedAt: engine.clock(),
  };
  const { name, type, mode } = stored;
  return {
    step: {
      action: 'change',
      key: draft.key,
      name,
      type,
      mode,
      connectorId: stored.id,
      isAdopted: stored.code === undefined,
      changes,
    },
    changed: { before: stored, after, secrets: changedSecrets.length === 0 ? null : parsed.secrets },
  };
}

function conditionsOf(draft: CodeDraft, stored: Connector): Pick<Connector, 'conditions'> {
  const conditions = { filter: conditionOrNone(draft.filter), links: conditionsOfLinks(draft.agents) };
  return stored.conditions === undefined && !hasConditions(conditions) ? {} : { conditions };
}

function deliveryOf(
  engine: Engine,
  { type, delivery = 'automatic' }: CodeDraft,
  stored: Connector,
): Pick<ConnectorChange, 'byChoice'> {
  if (delivery === deliveryModeOf(stored)) return {};
  return { byChoice: byChoiceOf(engine.types, type, delivery) };
}

/** Secret fields whose values differ from the stored ones, without the values. */
async function secretChanges(
  engine: Engine,
  stored: Connector,
  wanted: Readonly<Record<string, string>>,
): Promise<readonly FieldChange[]> {
  if (stored.secretFields.length === 0 && Object.keys(wanted).length === 0) return [];
  const { config } = await engine.secrets.get(stored.id);
  const names = new Set([...Object.keys(config), ...Object.keys(wanted)]);
  return [...names]
    .filter((name) => config[name] !== wanted[name])
    .map((name) => ({ field: `config.${name}`, before: null, after: null, isSecret: true }));
}
