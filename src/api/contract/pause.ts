import * as z from 'zod';
import { isoTime, orNull } from './values.ts';

/** More than a system executes. */
const maxPerMinute = 60_000;

const drainPerMinute = z.int().min(1).max(maxPerMinute).nullable();

export const wirePause = z
  .object({
    since: isoTime,
    by: z.string().nullable().meta({ description: 'Who paused it.' }),
    drain_per_minute: drainPerMinute.meta({
      description: 'How many runs or deliveries start per minute after the pause; `null`: all at once.',
    }),
    draining_since: isoTime.nullable().meta({
      description: 'When it was resumed, if what waited has not all gone on yet; else `null`.',
    }),
    waiting: z.int().meta({ description: 'Runs or deliveries that wait.' }),
    more: z.boolean().meta({ description: 'Whether more wait than are counted.' }),
    oldest_at: isoTime.nullable().meta({ description: 'When the one with the longest wait was queued.' }),
  })
  .meta({ id: 'Pause' });
export type WirePause = z.infer<typeof wirePause>;

/** What is paused has these fields. */
export const pauseFields = {
  paused: z.boolean(),
  pause: orNull(wirePause).meta({
    description:
      'The pause, and how much is waiting; after the resume, until nothing is waiting. Otherwise `null`.',
  }),
};

/** Changes of a pause; omitted fields keep their values. */
export const pauseChanges = {
  paused: z.boolean().optional().meta({
    description: '`true`: events are accepted, and their runs wait; `false`: waiting runs start, in order.',
  }),
  drain_per_minute: drainPerMinute.optional().meta({
    description:
      'How many runs or deliveries start per minute after the pause; `null`, the default: all at once. Also changes the rate ' +
      'while a pause drains.',
  }),
};

export const changePauseBody = z.strictObject(pauseChanges).meta({ id: 'ChangePause' });
export type ChangePauseBody = z.input<typeof changePauseBody>;

export const wireDeployment = z.object(pauseFields).meta({ id: 'Deployment' });
export type WireDeployment = z.infer<typeof wireDeployment>;
