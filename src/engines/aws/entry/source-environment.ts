import { z } from 'zod';
import type { SourcePlaces } from '../sources/source-adapters.ts';

/** What the stack tells the functions that make and remove the sources of connectors. */
const scheduleEnvironment = z.object({
  SCHEDULE_GROUP: z.string().min(1),
  SCHEDULE_ROLE_ARN: z.string().min(1),
  TICK_QUEUE_ARN: z.string().min(1),
  TICK_DEAD_LETTERS_ARN: z.string().min(1),
});

/** The same names, as the text that a function's configuration holds. */
export type ScheduleVariables = Readonly<Record<keyof z.infer<typeof scheduleEnvironment>, string>>;

/** Where the function makes sources. @throws ZodError where it was deployed without them */
export function sourcePlaces(): SourcePlaces {
  const environment = scheduleEnvironment.parse(process.env);
  return {
    schedules: {
      groupName: environment.SCHEDULE_GROUP,
      roleArn: environment.SCHEDULE_ROLE_ARN,
      tickQueueArn: environment.TICK_QUEUE_ARN,
      deadLetterQueueArn: environment.TICK_DEAD_LETTERS_ARN,
    },
  };
}
