import type { Connector } from '../connectors/connector.ts';
import { openRegistered, unregisterConnector, unregisterFormer } from '../connectors/register-connector.ts';
import { RetryableError } from '../errors.ts';
import { uuidV7 } from '../identifiers.ts';
import type { AuditEntry } from '../ports/audit-log.ts';
import type { Engine, OpenConnector } from '../ports/engine.ts';
import { type Refusal, refuse } from '../refusal.ts';
import type { CodeDraft, Plan, PlanStep } from './plan.ts';
import { type PreparedPlan, planConnectors } from './plan-connectors.ts';

export type ApplyOutcome =
  | {
      readonly outcome: 'applied';
      /** What was done. */
      readonly plan: Plan;
      /** The id of each connector from code that was created, by its key. */
      readonly created: ReadonlyMap<string, string>;
    }
  | Refusal<'invalid-request' | 'plan-outdated'>;

/** Other writers may change a connector in between; more contention is refused. */
const maxTries = 5;

/**
 * Makes the connectors that come from code be as the files describe them, in one go or not at all. Doing it again
 * changes nothing.
 *
 * @param confirmed digest of the plan that was confirmed; if the plan has become another one, nothing is changed
 * @throws RetryableError when the store is unavailable, or others keep changing the connectors; nothing was changed then
 */
export async function applyConnectors(
  engine: Engine,
  actor: string,
  drafts: readonly CodeDraft[],
  confirmed?: string,
): Promise<ApplyOutcome> {
  for (let tries = 0; tries < maxTries; tries++) {
    const prepared = await planConnectors(engine, drafts);
    if (prepared.outcome === 'refused') return prepared;
    const { plan, changes } = prepared;
    if (confirmed !== undefined && confirmed !== plan.digest) return refuse('plan-outdated', outdated);
    if (plan.steps.length === 0) return { outcome: 'applied', plan, created: new Map() };
    const former = await formerRegistrations(engine, prepared);
    const outcome = await engine.connectorChanges.apply({
      ...changes,
      entries: entriesOf(engine, actor, prepared),
    });
    if (outcome === 'changed-meanwhile') continue;
    await endRegistrations(engine, former, changes.removed);
    const created = changes.created.map(
      ({ connector }) => [connector.code?.key ?? '', connector.id] as const,
    );
    return { outcome: 'applied', plan, created: new Map(created) };
  }
  throw new RetryableError('Other changes of the same connectors are in progress. Try again.');
}

const outdated = 'The connectors have changed since the plan was made. Make the plan again.';

/** What is set up at providers for connectors that change or go. */
async function formerRegistrations(
  engine: Engine,
  { changes }: PreparedPlan,
): Promise<readonly OpenConnector[]> {
  const ids = [...changes.changed.map(({ before }) => before.id), ...changes.removed.map(({ id }) => id)];
  const opened = await Promise.all(ids.map((id) => openRegistered(engine, id)));
  return opened.filter((each) => each !== null);
}

async function endRegistrations(
  engine: Engine,
  former: readonly OpenConnector[],
  removed: readonly Connector[],
): Promise<void> {
  for (const opened of former) {
    if (removed.some(({ id }) => id === opened.connector.id)) await unregisterConnector(engine, opened);
    else await unregisterFormer(engine, opened);
  }
}

const actions = {
  create: 'connector.created',
  change: 'connector.changed',
  replace: 'connector.created',
  remove: 'connector.deleted',
} as const;

/** One entry for each connector, and one for the whole. */
function entriesOf(engine: Engine, actor: string, { plan, changes }: PreparedPlan): AuditEntry[] {
  const at = engine.clock();
  const entry = (action: string, subject: string, detail: string): AuditEntry => ({
    entryId: uuidV7(at, engine.entropy),
    at,
    actor,
    action,
    subject,
    detail,
  });
  const newIds = new Map(changes.created.map(({ connector }) => [connector.code?.key, connector.id]));
  const idOf = ({ key, connectorId }: PlanStep) => newIds.get(key) ?? connectorId ?? key;
  const replaced = plan.steps.filter(({ action }) => action === 'replace');
  return [
    ...replaced.map((step) => entry('connector.deleted', step.connectorId ?? step.key, fileSentence(step))),
    ...plan.steps.map((step) => entry(actions[step.action], idOf(step), fileSentence(step))),
    entry('connectors.applied', 'connectors', countSentence(plan.steps)),
  ];
}

function fileSentence({ action, key, isAdopted, changes }: PlanStep): string {
  const file = `connectors/${key}.yaml`;
  if (action === 'remove') return `${file} is gone.`;
  if (isAdopted) return `Comes from ${file} from now on.`;
  const fields = action === 'change' ? changes.map(({ field }) => field) : [];
  return fields.length === 0 ? `As in ${file}.` : `As in ${file}. Changed: ${fields.join(', ')}.`;
}

function countSentence(steps: readonly PlanStep[]): string {
  const count = (action: PlanStep['action']) => steps.filter((step) => step.action === action).length;
  const counts = [
    ['created', count('create')],
    ['changed', count('change')],
    ['replaced', count('replace')],
    ['removed', count('remove')],
  ] as const;
  const told = counts.filter(([, number]) => number > 0).map(([done, number]) => `${number} ${done}`);
  return `Connectors from code: ${told.join(', ')}.`;
}
