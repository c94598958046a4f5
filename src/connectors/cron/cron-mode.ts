import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import type { Tick } from '../../core/schedules/schedule.ts';
import { cronConfig } from './cron-config.ts';
import { platformSchedules } from './platform-schedules.ts';
import { schedule } from './schedule.ts';

export const inboundMode: ModeDescription<Tick> = {
  summary: 'Runs agents at fixed times.',
  config: cronConfig,
  ways: { schedule: { schedule, platformSchedules } },
  samples: [
    {
      title: 'A report on weekdays at 9:00 in Berlin',
      config: { schedule: '0 9 * * 1-5', timezone: 'Europe/Berlin', prompt: "Write yesterday's report." },
    },
    {
      title: 'Every five minutes, one at a time',
      config: { schedule: '*/5 * * * *', overlap: 'skip' },
    },
    {
      title: 'On the first of the month, with catch-up after a night',
      config: { schedule: '0 0 1 * *', catch_up_seconds: 43_200 },
    },
  ],
};
