import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { connectSocket, type SocketClient } from '../websocket-client.ts';
import { eventually } from './eventually.ts';
import type { Address } from './sender.ts';

const answered = z.object({ type: z.literal('stream_end'), id: z.string(), run_id: z.string() });

/** A client that does as the documentation says: it keeps each message until its answer, and sends it again after a break. */
export function chatWith({ url, secret }: Address) {
  const kept = new Map<string, string>();
  const runIds = new Map<string, Set<string>>();
  let client: SocketClient | null = null;
  let isOver = false;
  const hear = (text: string) => {
    const message: unknown = JSON.parse(text);
    // Nothing was started: it is sent again over the next connection.
    if (Object(message).code === 'unavailable') client?.socket.close();
    const { data } = answered.safeParse(message);
    if (data === undefined) return;
    kept.delete(data.id);
    runIds.set(data.id, (runIds.get(data.id) ?? new Set()).add(data.run_id));
  };
  const talking = (async () => {
    while (!isOver) {
      client = await connectSocket(url ?? '', { 'x-connic-secret': secret }).catch(() => null);
      if (client === null) await sleep(20);
      client?.socket.on('error', () => undefined).on('message', (data) => hear(String(data)));
      for (const message of kept.values()) client?.send(message);
      await client?.closed;
    }
  })();
  return {
    /** The runs that have answered each message, by its id. */
    runIds,
    say(text: string): void {
      const id = crypto.randomUUID();
      const message = JSON.stringify({ id, message: text });
      kept.set(id, message);
      if (client?.socket.readyState === client?.socket.OPEN) client?.send(message);
    },
    async end(): Promise<void> {
      await eventually('all answers', async () => kept.size === 0);
      isOver = true;
      client?.socket.close();
      await talking;
    },
  };
}
