import * as z from 'zod';

/**
 * What an interrupted run had to do with it. Its `culprit` broke what executed it: nothing else was in there. A `suspect` was
 * there with others when that broke, and any of them may have done it. A `bystander` certainly did not: somebody else did,
 * the platform failed, or an operator stopped the process.
 */
export const interruptionRoles = ['culprit', 'suspect', 'bystander'] as const;
export type InterruptionRole = (typeof interruptionRoles)[number];

/** The end of an attempt that was not the end of its run. */
export const interruption = z.object({
  /** Unix ms. */
  at: z.number(),
  role: z.enum(interruptionRoles),
  /** What happened, without a full stop: "its thread ended: out of memory". */
  reason: z.string(),
});
export type Interruption = z.infer<typeof interruption>;

/** How far apart from others a run is executed: beside them in a thread, alone in a thread, or in a process of its own. */
export type Isolation = 'shared' | 'thread' | 'process';

/** Interruptions by others after which a run is given up. */
const maxByOthers = 20;
/** Interruptions of a run that may have caused them, from which on it is executed apart. */
const ownThreadAfter = 2;
const ownProcessAfter = 3;
/** Characters of a reason that are kept: every one of them is in the run's record, and in its error. */
const reasonLength = 300;

/** @param at Unix ms */
export function interruptionOf(role: InterruptionRole, reason: string, at: number): Interruption {
  return { at, role, reason: reason.length > reasonLength ? `${reason.slice(0, reasonLength)}…` : reason };
}

/** How the next attempt is executed, so that a run which breaks its executor is found and takes no other with it. */
export function isolationOf(interruptions: readonly Interruption[]): Isolation {
  if (interruptions.some(({ role }) => role === 'culprit')) return 'process';
  const suspicions = interruptions.filter(({ role }) => role === 'suspect').length;
  if (suspicions >= ownProcessAfter) return 'process';
  return suspicions >= ownThreadAfter ? 'thread' : 'shared';
}

/** The error of a run that is not tried again. */
export interface GivenUp {
  readonly code: 'attempts-exhausted' | 'interrupted';
  readonly message: string;
}

/** Why a run is not tried again; `null` where it is. Only what it broke itself counts against `maxAttempts`. */
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

/** What happened each time; what happened alike is said once. */
function listed(interruptions: readonly Interruption[]): string {
  const reasons = [...new Set(interruptions.map(({ reason }) => reason))];
  if (reasons.length === 1) return reasons.join('');
  return interruptions.map(({ reason }, index) => `(${index + 1}) ${reason}`).join('; ');
}
