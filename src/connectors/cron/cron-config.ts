import * as z from 'zod';
import { parseOnce } from '../../core/connectors/connector-config.ts';
import { cronOf, parseExpression } from './cron-expression.ts';

const scheduleText = z
  .string()
  .max(256)
  .superRefine((text, context) => {
    const parsed = parseExpression(text);
    if (parsed.outcome === 'invalid') context.addIssue({ code: 'custom', message: parsed.problem });
  });

const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, { error: 'is not a time zone; use an IANA name such as Europe/Berlin' });

/** Caches valid zones: the platform takes about 0.05 ms per check. */
const knownZones = new Set<string>();

/** Accepts IANA names only. The platform also accepts offsets such as +02:00, but they ignore daylight saving. */
function isTimeZone(name: string): boolean {
  if (knownZones.has(name)) return true;
  if (!/^[a-z]/i.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    knownZones.add(name);
    return true;
  } catch {
    return false;
  }
}

/** One day: after a longer downtime, an operator should decide which ticks to run. */
const maxCatchUpSeconds = 86_400;

const cronFields = z.strictObject({
  schedule: scheduleText.meta({
    title: 'Schedule',
    description:
      'Minute, hour, day of month, month, day of week: "0 9 * * 1-5" is 9:00 from Monday to Friday.',
    examples: ['0 9 * * 1-5'],
  }),
  timezone: timeZone.default('UTC').meta({
    title: 'Time zone',
    description: "IANA name of the schedule's time zone, such as Europe/Berlin.",
  }),
  prompt: z.string().max(100_000).exactOptional().meta({
    title: 'Prompt',
    description: 'The text to send to a model at every tick. Without a prompt, the payload is {}.',
  }),
  overlap: z.enum(['allow', 'skip']).default('allow').meta({
    title: 'While a run is in progress',
    description: '"allow" starts another run; "skip" starts nothing and records a skipped tick.',
  }),
  catch_up_seconds: z.int().min(0).max(maxCatchUpSeconds).default(60).meta({
    title: 'Catch up (seconds)',
    description: 'After a downtime, ticks up to this age still run; older ones are recorded as missed.',
  }),
});

export type CronConfig = z.infer<typeof cronFields>;

export const cronConfig = cronFields.superRefine(({ schedule, timezone }, context) => {
  const parsed = parseExpression(schedule);
  if (parsed.outcome === 'invalid' || !isTimeZone(timezone)) return;
  // Any start works for the search: a schedule that fires once fires again.
  if (cronOf(parsed.expression, timezone).nextRun(new Date(0)) !== null) return;
  const message = 'No date matches: this schedule never fires.';
  context.addIssue({ code: 'custom', path: ['schedule'], message });
});

/** The configuration of a cron connector. @throws ZodError where the stored one is not valid */
export const cronConfigOf = parseOnce((config): CronConfig => cronFields.parse(config));
