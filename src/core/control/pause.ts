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
  const holds = await engine.holds.list();
  const [hold] = holds.filter(({ key }) => what.keys.includes(key));
  const rate = patch.drainPerMinute === undefined ? (hold?.drainPerMinute ?? null) : patch.drainPerMinute;
  const isPaused = hold !== undefined && hold.drainingSince === null;
  if (patch.paused ?? isPaused) return pause(engine, actor, what, isPaused ? hold : null, rate);
  if (hold !== undefined) return resume(engine, actor, what, hold, rate);
  if (patch.paused === undefined) return refuse('not-paused', notPaused(what));
  await markConnector(engine, what, null);
  return { outcome: 'unchanged' };
}

function notPaused({ kind }: Pausable): string {
  return `The ${kind} is not paused, so nothing waits that could go on at a rate. Pause it first.`;
}

/** @param now the pause in progress, if there is one */
async function pause(
  engine: Engine,
  actor: string,
  what: Pausable,
  now: Hold | null,
  drainPerMinute: number | null,
): Promise<PauseOutcome> {
  const { since, by } = now ?? { since: engine.clock(), by: actor };
  const isChanged = now === null || now.drainPerMinute !== drainPerMinute;
  if (isChanged) {
    const reason = `The ${what.kind} is paused.`;
    for (const key of what.keys) await engine.holds.begin({ key, since, by, reason, drainPerMinute });
  }
  await markConnector(engine, what, { since, by: by ?? actor });
  if (!isChanged) return { outcome: 'unchanged' };
  const action = now === null ? 'paused' : 'pause-changed';
  const rate = drainPerMinute === null ? null : `Goes on at ${drainPerMinute} a minute.`;
  await recordAction(engine, actor, `${what.kind}.${action}`, what.subject, rate);
  return { outcome: 'changed' };
}

async function resume(
  engine: Engine,
  actor: string,
  what: Pausable,
  hold: Hold,
  drainPerMinute: number | null,
): Promise<PauseOutcome> {
  await markConnector(engine, what, null);
  if (hold.drainingSince !== null && hold.drainPerMinute === drainPerMinute) return { outcome: 'unchanged' };
  for (const key of what.keys) {
    await engine.holds.drain(key, drainPerMinute, engine.clock());
    await releaseSome(engine, key);
  }
  const pace =
    drainPerMinute === null ? 'What waits goes on at once.' : `Goes on at ${drainPerMinute} a minute.`;
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
