import { problemsOfTaken } from '../connections/take-connection.ts';
import type { JsonObject } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import { type Refusal, refuseInvalid } from '../refusal.ts';
import { shownTicks } from '../schedules/operate-schedule.ts';
import { type Schedule, ticksAfter } from '../schedules/schedule.ts';
import type { Mode } from './connector.ts';
import { findMode, wayOf } from './connector-config.ts';
import { parseDraft, placeProblems } from './create-connector.ts';

export type CheckOutcome =
  | {
      readonly outcome: 'valid';
      /** Its next ticks; `null` if it has no schedule. */
      readonly planned: { readonly schedule: Schedule; readonly ticks: readonly number[] } | null;
    }
  | Refusal<'invalid-request'>;

/**
 * Checks a configuration before a connector is created: returns the problems that creating it would report, or its next
 * ticks. Stores nothing.
 *
 * @param connection name of the connection that gives the rest of the configuration
 * @throws RetryableError when the store is unavailable
 */
export async function checkDraft(
  engine: Engine,
  typeName: string,
  modeName: Mode,
  config: JsonObject,
  connection: string | null = null,
): Promise<CheckOutcome> {
  const found = findMode(engine.types, typeName, modeName);
  if (found.outcome === 'unknown') return refuseInvalid([found.problem]);
  const parsed = await parseDraft(engine, found, { config, connection });
  if (parsed.outcome === 'invalid') return refuseInvalid(parsed.problems);
  const draft = { type: typeName, mode: modeName, config: parsed.config };
  const problems = problemsOfTaken(await placeProblems(engine, draft, parsed.config), parsed.used);
  if (problems.length > 0) return refuseInvalid(problems);
  const schedule = wayOf(engine.types, draft, 'schedule')?.schedule(parsed.config);
  if (schedule === undefined) return { outcome: 'valid', planned: null };
  return { outcome: 'valid', planned: { schedule, ticks: ticksAfter(schedule, engine.clock(), shownTicks) } };
}
