import type { Modes } from '../../core/connectors/connector-type.ts';
import type { Tick } from '../../core/schedules/schedule.ts';
import { inboundMode } from './cron-mode.ts';
import { platformSchedules } from './platform-schedules.ts';

/** Cron in a deployment on AWS: refuses schedules that EventBridge cannot express. */
export function modesOnAws(): Modes<Tick> {
  return { inbound };
}

const inbound = {
  ...inboundMode,
  config: inboundMode.config.superRefine((config, context) => {
    // The base configuration already reported this schedule as invalid.
    if (!inboundMode.config.safeParse(config).success) return;
    const planned = platformSchedules(config);
    if (planned.outcome === 'expressed') return;
    context.addIssue({ code: 'custom', path: ['schedule'], message: planned.reason });
  }),
};
