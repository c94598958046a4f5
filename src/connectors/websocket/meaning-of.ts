import * as z from 'zod';
import type { SentMeaning } from '../../core/connectors/ways.ts';

const sent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ack'), run_ids: z.array(z.string()) }),
  z.object({ type: z.literal('stream_chunk'), agent: z.string(), chunk: z.string() }),
  z.object({ type: z.enum(['stream_end', 'response']), agent: z.string(), full_response: z.string() }),
  z.object({ type: z.literal('error'), detail: z.string(), run_id: z.string().optional() }),
]);

/** Reads a message of this product. */
export function meaningOf(text: string): SentMeaning {
  const message = sent.safeParse(JSON.parse(text)).data;
  switch (message?.type) {
    case 'ack':
      return { kind: 'started', runIds: message.run_ids };
    case 'stream_chunk':
      return { kind: 'text', agent: message.agent, text: message.chunk };
    case 'stream_end':
    case 'response':
      return { kind: 'answer', agent: message.agent, output: message.full_response };
    case 'error':
      return { kind: 'failed', runId: message.run_id ?? null, detail: message.detail };
    default:
      return { kind: 'other' };
  }
}
