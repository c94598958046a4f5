import type { ConnectorType } from '../../core/connectors/connector-type.ts';
import type { Tick } from '../../core/schedules/schedule.ts';
import { inboundMode } from './cron-mode.ts';
import { modesOnAws } from './on-aws.ts';
import { receive } from './receive.ts';

/** Runs agents at scheduled times. */
export const cron: ConnectorType<Tick> = {
  name: 'cron',
  title: 'Cron',
  summary: 'Run agents on a schedule, in any time zone.',
  category: 'time',
  icon: '<g fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/></g>',
  modes: { inbound: inboundMode },
  onAws: modesOnAws,
  receive,
};
