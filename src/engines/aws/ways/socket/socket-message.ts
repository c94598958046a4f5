import * as z from 'zod';
import { jsonText } from '../../store/payload-objects.ts';

const socketMessage = z.discriminatedUnion('kind', [
  /** The connection was opened: its client gets the first messages. */
  z.object({ kind: z.literal('opened'), gatewayId: z.string() }),
  z.object({
    kind: z.literal('message'),
    gatewayId: z.string(),
    messageId: z.string(),
    text: z.string(),
    /** Unix ms at which it arrived. */
    at: z.number(),
  }),
]);

/** What the function that talks to API Gateway leaves to the one that executes agents. */
export type SocketMessage = z.infer<typeof socketMessage>;

/** @throws ZodError if it is none */
export function readSocketMessage(body: string): SocketMessage {
  return jsonText.pipe(socketMessage).parse(body);
}
