import type { PausePatch } from '../core/control/pause.ts';
import type { ChangePauseBody } from './contract/pause.ts';
import { withoutUndefined } from './without-undefined.ts';

/** Changes of a pause as the core takes them. */
export function pausePatch({ paused, drain_per_minute: drainPerMinute }: ChangePauseBody): PausePatch {
  return withoutUndefined({ paused, drainPerMinute });
}
