import * as z from 'zod';

/**
 * The role of an interrupted run. A `culprit` crashed its executor, in which it was the only run. A `suspect` shared
 * the executor that crashed, and any of its runs may be the cause. A `bystander` is not the cause: another run is, the
 * platform failed, or an operator stopped the process.
 */
export const interruptionRoles = ['culprit', 'suspect', 'bystander'] as const;
export type InterruptionRole = (typeof interruptionRoles)[number];

/** The end of an attempt that did not end its run. */
export const interruption = z.object({
  /** Unix ms. */
  at: z.number(),
  role: z.enum(interruptionRoles),
  /** What happened, without a period: "its thread ended: out of memory". */
  reason: z.string(),
});
export type Interruption = z.infer<typeof interruption>;

/** How isolated a run is: in a thread with others, alone in a thread, or in a process of its own. */
export type Isolation = 'shared' | 'thread' | 'process';

/** Interruptions caused by others after which a run fails. */
const maxByOthers = 20;
/** Interruptions as a suspect after which a run is isolated. */
const ownThreadAfter = 2;
const ownProcessAfter = 3;
/** Characters of a reason that are kept: all reasons are in the run's record, and in its error. */
const reasonLength = 300;

/** @param at Unix ms */
export function interruptionOf(role: InterruptionRole, reason: string, at: number): Interruption {
  return { at, role, reason: reason.length > reasonLength ? `${reason.slice(0, reasonLength)}…` : reason };
}

/** How isolated the next attempt is, so that a run that crashes its executor is identified and affects no other run. */
export function isolationOf(interruptions: readonly Interruption[]): Isolation {
  if (interruptions.some(({ role }) => role === 'culprit')) return 'process';
  const suspicions = interruptions.filter(({ role }) => role === 'suspect').length;
  if (suspicions >= ownProcessAfter) return 'process';
  return suspicions >= ownThreadAfter ? 'thread' : 'shared';
}

/** The error of a run that is not retried. */
export interface GivenUp {
  readonly code: 'attempts-exhausted' | 'interrupted';
  readonly message: string;
}

/** Why a run is not retried; `null` if it is. Only interruptions that it caused itself count against `maxAttempts`. */
export function whyGivenUp(interruptions: readonly Interruption[], maxAttempts: number): GivenUp | null {
  const broken = interruptions.filter(({ role }) => role === 'culprit');
  if (broken.length >= maxAttempts) {
    const times = broken.length === 1 ? 'The attempt' : `All ${broken.length} attempts`;
    const message = `${times} of the run crashed its worker: ${listed(broken)}.`;
    return { code: 'attempts-exhausted', message };
  }
  const byOthers = interruptions.length - broken.length;
  if (byOthers < maxByOthers) return null;
  const last = interruptions.at(-1)?.reason ?? '';
  return {
    code: 'interrupted',
    message: `The run was interrupted ${byOthers} times by other causes. The last time, ${last}.`,
  };
}

/** What happened each time; equal reasons are given once. */
function listed(interruptions: readonly Interruption[]): string {
  const reasons = [...new Set(interruptions.map(({ reason }) => reason))];
  if (reasons.length === 1) return reasons.join('');
  return interruptions.map(({ reason }, index) => `(${index + 1}) ${reason}`).join('; ');
}
