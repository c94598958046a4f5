import fc from 'fast-check';
import { noSecrets } from '../../core/ports/secret-store.ts';
import type { Tick } from '../../core/schedules/schedule.ts';
import type { TypeSamples } from '../type-samples.ts';

const config = { schedule: '0 9 * * 1-5' };
const prompt = "Write yesterday's report.";

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<Tick> = {
  events: [
    {
      title: 'a prompt',
      mode: 'inbound',
      config: { ...config, prompt },
      secrets: noSecrets,
      event: (now) => ({ at: now, by: 'schedule' }),
      payload: { trigger: 'cron', schedule: '0 9 * * 1-5', triggered_at: '2026-11-22T09:00:00Z', prompt },
      authenticated: false,
    },
    {
      title: 'no prompt, fired by hand',
      mode: 'inbound',
      config,
      secrets: noSecrets,
      event: (now) => ({ at: now, by: 'operator' }),
      payload: { trigger: 'cron', schedule: '0 9 * * 1-5', triggered_at: '2026-11-22T09:00:00Z' },
      authenticated: false,
    },
  ],
  anyEvent: fc.record({
    at: fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1_000),
    by: fc.constantFrom('schedule', 'operator'),
  }),
};
