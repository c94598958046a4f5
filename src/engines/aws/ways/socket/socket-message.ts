import { SendMessageCommand } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { jsonObject } from '../../../../core/json/json-value.ts';
import type { AwsClients } from '../../clients.ts';
import { callAws } from '../../store/aws-errors.ts';
import { jsonText } from '../../store/payload-objects.ts';

/** A connection between its messages. */
export const storedSocket = z.object({
  connectorId: z.string(),
  suffix: z.string(),
  session: jsonObject,
  idleSeconds: z.number(),
  /** The messages that the client gets first. */
  firstTexts: z.array(z.string()),
  /** Unix ms of the last message or answer. */
  activeAt: z.number(),
});

const clientMessage = z.object({
  kind: z.literal('message'),
  gatewayId: z.string(),
  messageId: z.string(),
  text: z.string(),
  /** Unix ms at which it arrived. */
  at: z.number(),
  /** The connection as it was, if the message comes from the dead letters: it has ended since. */
  socket: storedSocket.optional(),
});

const socketMessage = z.discriminatedUnion('kind', [
  /** The connection was opened: its client gets the first messages. */
  z.object({ kind: z.literal('opened'), gatewayId: z.string() }),
  clientMessage,
]);

/** What the function that talks to API Gateway leaves to the one that executes agents. */
export type SocketMessage = z.infer<typeof socketMessage>;

/** @throws ZodError if it is none */
export function readSocketMessage(body: string): SocketMessage {
  return jsonText.pipe(socketMessage).parse(body);
}

const deadMessage = clientMessage.extend({ socket: storedSocket });

/** The message of a dead letter, with its connection; `null` if that is unknown. */
export function readDeadMessage(body: string): z.infer<typeof deadMessage> | null {
  return jsonText.pipe(deadMessage).safeParse(body).data ?? null;
}

/** A FIFO queue, with a group for each connection. */
export interface SocketQueue {
  /** @throws RetryableError when the queue is unavailable */
  send(message: SocketMessage): Promise<void>;
}

export function socketQueue(sqs: AwsClients['sqs'], QueueUrl: string): SocketQueue {
  return {
    async send(message) {
      const command = new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(message),
        MessageGroupId: message.gatewayId,
        MessageDeduplicationId: idOf(message),
      });
      await callAws(sqs.send(command));
    },
  };
}

/** The queue takes another message of the same id only after five minutes. */
function idOf(message: SocketMessage): string {
  if (message.kind === 'opened') return `opened-${message.gatewayId}`;
  return message.socket === undefined ? message.messageId : `again-${message.messageId}`;
}
