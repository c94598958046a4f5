import * as z from 'zod';
import { PermanentError } from '../../../core/errors.ts';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { cannotBeRetried, type DeadLetter } from '../../../core/ports/dead-letter-store.ts';
import { readDeadMessage, type SocketQueue } from '../ways/socket/socket-message.ts';
import type { WorkQueue } from '../work-queue.ts';

/** The steps whose dead letters can be redriven; the `source` of such a letter. */
export const deadLetterSources = [
  'execute-run',
  'plan-deliveries',
  'deliver',
  'stream-batch',
  'fire-tick',
  'lost-batch',
  'take-event',
  'take-message',
] as const;
export type DeadLetterSource = (typeof deadLetterSources)[number];

/** The entry points of the steps. */
export interface Steps {
  readonly runQueue: WorkQueue;
  readonly deliveryQueue: WorkQueue;
  readonly planDeliveries: (runId: string) => Promise<unknown>;
  /** @param body of the message that named the tick */
  readonly fireTick: (body: string) => Promise<unknown>;
  /** @param body of the message with which a rule sent the event */
  readonly takeEvent: (body: string) => Promise<unknown>;
  /** Absent if the deployment has no API for connections. */
  readonly socketQueue: SocketQueue | undefined;
}

/** The body of a letter: the id that the step was called with, or the body of another message. */
const letterBody = z.object({ id: z.string() });

/**
 * The body of a letter of one of the steps. `id` is the run's id, the delivery's id for `deliver`, or a message's body
 * for `fire-tick`, `take-event`, and `take-message`.
 */
export function letterBodyOf(id: string): JsonObject {
  return { id } satisfies z.infer<typeof letterBody>;
}

/**
 * Gives a dead letter back to the step that gave up.
 *
 * @throws PermanentError `not-retryable` for a letter of another source, or one with nothing to redrive
 * @throws RetryableError when the store is unavailable
 */
export async function redrive(steps: Steps, letter: DeadLetter): Promise<void> {
  const source = z.enum(deadLetterSources).safeParse(letter.source);
  const id = letterBody.safeParse(letter.body).data?.id ?? letter.runId;
  if (!source.success || id === null) throw cannotBeRetried(letter.source);
  switch (source.data) {
    case 'execute-run':
      return steps.runQueue.send([{ id, group: letter.source }]);
    case 'deliver':
      return steps.deliveryQueue.send([{ id, group: letter.connectorId ?? letter.source }]);
    case 'plan-deliveries':
      await steps.planDeliveries(id);
      return;
    case 'fire-tick':
      await steps.fireTick(id);
      return;
    case 'take-event':
      await steps.takeEvent(id);
      return;
    case 'take-message':
      return sendMessageAgain(steps.socketQueue, id);
    case 'lost-batch':
      throw new PermanentError(
        'not-retryable',
        'Only the position of these messages is known. To read them again, reset the consumer group to it.',
      );
    case 'stream-batch':
      // The reconciler has planned those runs or keeps trying; the letter only reports them.
      return;
  }
}

/** Its runs are executed, unless they were before; the connection has ended, so nobody hears the answer. */
async function sendMessageAgain(queue: SocketQueue | undefined, body: string): Promise<void> {
  const message = readDeadMessage(body);
  if (message === null) {
    throw new PermanentError(
      'not-retryable',
      'The client had left before this message was kept, so its connection is unknown. The client can send it again.',
    );
  }
  if (queue === undefined) {
    throw new PermanentError(
      'not-retryable',
      'This deployment has no API for connections. Deploy with the setting websocket=true, then retry.',
    );
  }
  await queue.send(message);
}
