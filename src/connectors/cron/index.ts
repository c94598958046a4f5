import type { ConnectorType, ModeDescription, Modes } from '../../core/connectors/connector-type.ts';
import type { ReceiveContext, Received } from '../../core/connectors/received.ts';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import { type Tick, tickKey } from '../../core/schedules/schedule.ts';
import { type CronConfig, cronConfig, cronConfigOf } from './cron-config.ts';
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

export async function receive(tick: Tick, context: ReceiveContext): Promise<Received> {
  const refused = context.admit();
  if (refused !== null) return refused;
  const config = cronConfigOf(context.connector.config);
  const payload = payloadOf(tick, config);
  return {
    outcome: 'accepted',
    payload: Payload.of(payload),
    context: { cron: { ...payload, timezone: config.timezone, by: tick.by } },
    modelInput: config.prompt ?? '{}',
    warnings: [],
    repeat: null,
    natural: tick.by === 'schedule' ? tickKey(tick.at) : null,
  };
}

function payloadOf(tick: Tick, { schedule, prompt }: CronConfig): JsonObject {
  return {
    trigger: 'cron',
    schedule,
    triggered_at: new Date(tick.at).toISOString().replace('.000Z', 'Z'),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

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
