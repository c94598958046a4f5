import { once } from 'node:events';
import { WebSocket } from 'ws';
import * as z from 'zod';
import type { ProductProcess } from '../test/product-process.ts';
import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { usageOf } from './process-usage.ts';
import { type Finding, median, readable } from './report.ts';
import { body, connect, manage, startBenchProduct } from './servers.ts';

/** Above the median of a sync webhook, for the same run. */
const mostOverheadMs = 2;
const messagesPerRound = 1_000;
/** Half of what one server accepts: the most from one address. */
const connections = 5_000;
const message = `{"type":"message","payload":${body}}`;
/** Connections that are opened at a time. */
const openedTogether = 50;

const created = z.looseObject({ url: z.url(), secret: z.string() });

/**
 * Connections that stay open: how much longer a message takes from sending to the end of its answer than a request to a
 * sync webhook, and what 5,000 quiet connections take.
 */
export async function benchConnections(effort: Effort): Promise<Finding[]> {
  return [...(await benchMessages(effort)), await benchMany()];
}

async function benchMessages(effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  try {
    const webhook = await connect(product, 'sync', 'noop');
    const open = await opener(product);
    const times = { webhook: [] as number[], message: [] as number[] };
    await measureLatencies({ ...webhook, body }, messagesPerRound);
    for (let round = 0; round < effort.rounds; round++) {
      times.webhook.push(...(await measureLatencies({ ...webhook, body }, messagesPerRound)));
      times.message.push(...(await measureMessages(await open(), messagesPerRound)));
    }
    const overheadMs = median(times.message) - median(times.webhook);
    return [
      { what: 'sync webhook, one caller', measured: `median ${readable(median(times.webhook))} ms` },
      { what: 'messages of one connection', measured: `median ${readable(median(times.message))} ms` },
      {
        what: 'median above the webhook',
        measured: `${readable(overheadMs)} ms`,
        budget: { text: `at most ${mostOverheadMs} ms`, kept: overheadMs <= mostOverheadMs },
      },
    ];
  } finally {
    await product.remove();
  }
}

/** Makes a connector. @returns what opens a connection to it */
async function opener(product: ProductProcess): Promise<() => Promise<WebSocket>> {
  const config = { max_messages_per_session: 10_000 };
  const draft = { name: 'bench chat', type: 'websocket', mode: 'sync', agents: ['noop'], config };
  const { url, secret } = created.parse(await manage(product, 'POST', '/connectors', draft));
  return () => opened(url, secret);
}

async function opened(url: string, secret: string): Promise<WebSocket> {
  const socket = new WebSocket(url, {
    headers: { 'x-connic-secret': secret },
    perMessageDeflate: false,
    handshakeTimeout: 60_000,
  });
  await once(socket, 'message');
  return socket;
}

/** The time of each message from its sending to the end of its answer, in ms. */
async function measureMessages(socket: WebSocket, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let done = 0; done < count; done++) {
    const begin = performance.now();
    await new Promise<void>((resolve, reject) => {
      socket.on('message', function listen(data) {
        const text = String(data);
        if (text.startsWith('{"type":"error"')) reject(new Error(text));
        if (!text.startsWith('{"type":"stream_end"')) return;
        socket.off('message', listen);
        resolve();
      });
      socket.send(message);
    });
    times.push(performance.now() - begin);
  }
  socket.terminate();
  return times;
}

/** In a process of its own: one that has worked has memory to spare. */
async function benchMany(): Promise<Finding> {
  const product = await startBenchProduct();
  try {
    return await findManyConnections(product.pid, await opener(product));
  } finally {
    await product.remove();
  }
}

async function findManyConnections(pid: number, open: () => Promise<WebSocket>): Promise<Finding> {
  const sockets = [await open()];
  await measureMessages(await open(), 100);
  const before = (await usageOf(pid))?.residentBytes ?? Number.NaN;
  while (sockets.length < connections) {
    const more = Math.min(openedTogether, connections - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: more }, open))));
  }
  const after = (await usageOf(pid))?.residentBytes ?? Number.NaN;
  const [first] = sockets;
  if (first === undefined) throw new Error('no connection was opened');
  const times = await measureMessages(first, 100);
  for (const socket of sockets) socket.terminate();
  const each = (after - before) / connections / 1_024;
  return {
    what: `${readable(connections)} connections`,
    measured: `${readable((after - before) / 1024 ** 2)} MB more, ${readable(each)} kB each; a message of one of them: median ${readable(median(times))} ms`,
  };
}
