import type { ReceiveContext, Received } from '../../core/connectors/received.ts';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import { type Tick, tickKey } from '../../core/schedules/schedule.ts';
import { type CronConfig, cronConfigOf } from './cron-config.ts';

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
