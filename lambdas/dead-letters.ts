import type { DeadLetterSource } from '../src/engines/aws/deliveries/redrive.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { keepDeadLetter } from '../src/engines/aws/entry/keep-dead-letter.ts';
import { queueFunction } from '../src/engines/aws/entry/work-function.ts';

const engine = functionEngine();

/** The step that gave up, by the ARN of its dead-letter queue. */
const sources: Readonly<Record<string, DeadLetterSource>> = {
  [process.env['RUN_DEAD_LETTERS_ARN'] ?? '']: 'execute-run',
  [process.env['DELIVERY_DEAD_LETTERS_ARN'] ?? '']: 'deliver',
  [process.env['TICK_DEAD_LETTERS_ARN'] ?? '']: 'fire-tick',
  [process.env['EVENT_DEAD_LETTERS_ARN'] ?? '']: 'take-event',
  [process.env['STREAM_LOST_BATCHES_ARN'] ?? '']: 'lost-batch',
};

/** Reads the dead-letter queues: keeps each message as a record that operators can inspect and redrive. */
export const handler = queueFunction((record) =>
  keepDeadLetter(engine, sources[record.eventSourceARN] ?? 'stream-batch', record),
);
