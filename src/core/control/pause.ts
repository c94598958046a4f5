import type { Connector } from '../connectors/connector.ts';
import { updateConnector } from '../connectors/update-connector.ts';
import { recordAction } from '../operators/record-action.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { releaseSome } from './drain-holds.ts';
import { type Hold, holdKeys } from './hold.ts';

/** What can be paused. */
export interface Pausable {
  readonly kind: 'deployment' | 'agent' | 'connector';
  /** Id or name in the audit log. */
  readonly subject: string;
  /** The holds that a pause consists of. */
  readonly keys: readonly string[];
}

export const wholeDeployment: Pausable = {
  kind: 'deployment',
  subject: 'deployment',
  keys: [holdKeys.deployment, holdKeys.deliveries],
};

export function pausableAgent(name: string): Pausable {
  return { kind: 'agent', subject: name, keys: [holdKeys.agent(name)] };
}

export function pausableConnector({ id, mode }: Pick<Connector, 'id' | 'mode'>): Pausable {
  const key = mode === 'outbound' ? holdKeys.receiver(id) : holdKeys.connector(id);
  return { kind: 'connector', subject: id, keys: [key] };
}

export interface PausePatch {
  readonly paused?: boolean;
  /** How many runs or deliveries a minute go on after the pause; `null`: all at once. */
  readonly drainPerMinute?: number | null;
}

export type PauseOutcome = { readonly outcome: 'changed' | 'unchanged' } | Refusal<'not-paused'>;

/**
 * Pauses something, resumes it, or changes the rate at which what waits goes on. A patch that changes nothing writes
 * nothing. For a connector, the hold exists whenever its record says that it is paused.
 *
 * @throws RetryableError when the store is unavailable; try again then
 */
export async function changePause(
  engine: Engine,
  actor: string,
  what: Pausable,
  patch: PausePatch,
): Promise<PauseOutcome> {
  const holds = (await engine.holds.list()).filter(({ key }) => what.keys.includes(key));
  const paused = holds.filter(({ drainingSince }) => drainingSince === null);
  const [known] = [...paused, ...holds];
  const rate = patch.drainPerMinute === undefined ? (known?.drainPerMinute ?? null) : patch.drainPerMinute;
  if (patch.paused ?? paused.length > 0) return pause(engine, actor, what, paused, rate);
  if (holds.length > 0) return resume(engine, actor, what, holds, rate);
  if (patch.paused === undefined) return refuse('not-paused', notPaused(what));
  await markConnector(engine, what, null);
  return { outcome: 'unchanged' };
}

function notPaused({ kind }: Pausable): string {
  return `The ${kind} is not paused, so there is no rate to change. Pause it first.`;
}

/** @param paused the holds of the pause in progress: some of them if it broke off, none if there is no pause */
async function pause(
  engine: Engine,
  actor: string,
  what: Pausable,
  paused: readonly Hold[],
  drainPerMinute: number | null,
): Promise<PauseOutcome> {
  const { since, by } = paused[0] ?? { since: engine.clock(), by: actor };
  const reason = `The ${what.kind} is paused.`;
  const isAsWanted = (wanted: string) =>
    paused.some((hold) => hold.key === wanted && hold.drainPerMinute === drainPerMinute);
  const changed = what.keys.filter((key) => !isAsWanted(key));
  for (const key of changed) await engine.holds.begin({ key, since, by, reason, drainPerMinute });
  await markConnector(engine, what, { since, by: by ?? actor });
  if (changed.length === 0) return { outcome: 'unchanged' };
  const action = paused.length < what.keys.length ? 'paused' : 'pause-changed';
  const rate = drainPerMinute === null ? null : `Continues at ${drainPerMinute} a minute.`;
  await recordAction(engine, actor, `${what.kind}.${action}`, what.subject, rate);
  return { outcome: 'changed' };
}

async function resume(
  engine: Engine,
  actor: string,
  what: Pausable,
  holds: readonly Hold[],
  drainPerMinute: number | null,
): Promise<PauseOutcome> {
  await markConnector(engine, what, null);
  const changed = holds.filter(
    (hold) => hold.drainingSince === null || hold.drainPerMinute !== drainPerMinute,
  );
  if (changed.length === 0) return { outcome: 'unchanged' };
  for (const { key } of changed) {
    await engine.holds.drain(key, drainPerMinute, engine.clock());
    await releaseSome(engine, key);
  }
  const pace =
    drainPerMinute === null
      ? 'Everything that waited continues at once.'
      : `Continues at ${drainPerMinute} a minute.`;
  await recordAction(engine, actor, `${what.kind}.resumed`, what.subject, pace);
  return { outcome: 'changed' };
}

/** Notes the pause in the connector's record, which the path of its events reads anyway. */
async function markConnector(engine: Engine, what: Pausable, paused: Connector['paused']): Promise<void> {
  if (what.kind !== 'connector') return;
  await updateConnector(engine, what.subject, (stored) =>
    JSON.stringify(stored.paused) === JSON.stringify(paused) ? null : { paused },
  );
}
