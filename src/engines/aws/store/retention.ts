import { endedKeysKeptDays } from '../../../core/operators/api-key.ts';
import { refusedKeptMs } from '../../../core/ports/refused-request-store.ts';
import { longestDelaySeconds } from '../../../core/runs/due-time.ts';
import { objectPrefixes } from './payload-objects.ts';

/** When records expire, in the Unix seconds of DynamoDB's time to live. */
export interface Retention {
  /** Runs and deliveries, counted from their end, and what belongs to them. */
  expiryOf(endedAt: number): number;
  /** Keeps a run that waits long for its turn, and its trigger until the run ends. */
  expiryOfUnended(receivedAt: number): number;
  /** Whether a run ended so late that its trigger would expire first. */
  outlivesTrigger(receivedAt: number, endedAt: number): boolean;
  expiryOfAuditEntry(at: number): number;
  expiryOfRefusedRequest(at: number): number;
  /** A key that ends, or has ended, at `endsAt`. */
  expiryOfApiKey(endsAt: number): number;
}

const daySeconds = 86_400;

/** Retries, waits for a slot, and outages never delay a run's end for longer. */
const waitingDays = 7;

/** The longest time for which a run is scheduled. */
const scheduledDays = longestDelaySeconds / daySeconds;

/** Audit entries are needed longer than runs: a year, or as long as runs are kept. */
const auditDays = 365;

/** Time after its last message until a conversation too large for a record is removed from the bucket. */
const sessionObjectDays = 400;

/** @param days to keep runs and deliveries after their end */
export function retention(days: number): Retention {
  const after = (timeMs: number, kept: number) => Math.ceil(timeMs / 1_000) + kept * daySeconds;
  return {
    expiryOf: (endedAt) => after(endedAt, days),
    expiryOfUnended: (receivedAt) => after(receivedAt, days + waitingDays),
    outlivesTrigger: (receivedAt, endedAt) => endedAt - receivedAt > waitingDays * daySeconds * 1_000,
    expiryOfApiKey: (endsAt) => after(endsAt, endedKeysKeptDays),
    expiryOfRefusedRequest: (at) => Math.ceil((at + refusedKeptMs) / 1_000),
    expiryOfAuditEntry: (at) => after(at, Math.max(days, auditDays)),
  };
}

/** When the bucket removes objects, by key prefix: not before the records that name them are gone. */
export function objectLifetimes(days: number): readonly { readonly prefix: string; readonly days: number }[] {
  const { sessions, scheduled, ...others } = objectPrefixes;
  return [
    ...Object.values(others).map((prefix) => ({ prefix, days: days + waitingDays + 1 })),
    { prefix: scheduled, days: days + scheduledDays + waitingDays + 1 },
    { prefix: sessions, days: Math.max(days, sessionObjectDays) },
  ];
}
