import { afterAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { connectSocket, RefusedHandshake, type SocketClient } from '../websocket-client.ts';
import { eventually } from './eventually.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const message = z.looseObject({ type: z.string() });
const created = wire.connector.extend({ secret: z.string(), url: z.url() });
const ids: string[] = [];
const clients: SocketClient[] = [];

async function createChat(agents: readonly string[], config: Record<string, unknown> = {}) {
  const draft = { name: `scenario chat ${crypto.randomUUID()}`, type: 'websocket', mode: 'sync' };
  const answer = await operator.call('POST', '/connectors', { ...draft, agents, config });
  if (answer.status !== 201) throw new Error(answer.text);
  const connector = created.parse(answer.json);
  ids.push(connector.id);
  return connector;
}

// Where the system goes with the scenario, it is gone by now.
afterAll(async () => {
  for (const { socket } of clients) socket.terminate();
  await Promise.allSettled(ids.map((id) => operator.delete(id)));
});

/** Some addresses name their connector in the query already. */
const withQuery = (url: string, query: string) => `${url}${url.includes('?') ? '&' : '?'}${query}`;

async function connect(url: string, headers: Record<string, string> = {}) {
  const client = await connectSocket(url, headers);
  clients.push(client);
  const next = async () => message.parse(JSON.parse(await client.next()));
  return {
    ...client,
    next,
    say: (said: unknown) => client.send(JSON.stringify(said)),
    /** Messages up to the `count`-th of this type. */
    async until(type: string, count = 1) {
      const got: z.infer<typeof message>[] = [];
      while (got.filter((one) => one.type === type).length < count) got.push(await next());
      return got;
    },
  };
}

const runsOf = async (connectorId: string) =>
  (await operator.runs(`connector=${connectorId}&limit=20`)).items;

describe('a client of a WebSocket connector', () => {
  test('is greeted, and gets an ack and a streamed answer to each message, which is a run', async () => {
    const { id, url, secret } = await createChat(['echo']);
    const client = await connect(url, { 'x-connic-secret': secret });
    const connected = await client.next();
    expect(connected).toEqual({ type: 'connected', connector_run_id: expect.any(String), agents: ['echo'] });
    for (const number of [1, 2, 3]) client.say({ id: `m${number}`, message: `number ${number}` });
    const runIds: unknown[] = [];
    for (const number of [1, 2, 3]) {
      const answers = await client.until('stream_end');
      expect(answers.map(({ type }) => type)).toEqual(['ack', 'stream_start', 'stream_chunk', 'stream_end']);
      expect(answers[0]).toMatchObject({ id: `m${number}`, message_number: number });
      const end = answers.at(-1);
      expect(end).toMatchObject({ id: `m${number}`, agent: 'echo' });
      expect(end?.['full_response']).toContain(`number ${number}`);
      runIds.push(end?.['run_id']);
    }
    const runs = await runsOf(id);
    expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    expect(runs.map(({ run_id }) => run_id).sort()).toEqual(runIds.sort());
    const { payload } = await operator.run(String(runIds[0]));
    expect(payload).toMatchObject({
      message: expect.stringMatching(/^number /),
      _websocket: { connector_run_id: connected['connector_run_id'] },
    });
    client.socket.close();
  });

  test('gets an answer of every linked agent to one message', async () => {
    const { id, url, secret } = await createChat(['echo', 'shout', 'count'], { streaming: false });
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    client.say({ message: 'all of you' });
    const answers = await client.until('response', 3);
    const named = answers.filter(({ type }) => type === 'response').map((answer) => answer['agent']);
    expect(named.sort()).toEqual(['count', 'echo', 'shout']);
    expect(new Set((await runsOf(id)).map(({ agent_name }) => agent_name)).size).toBe(3);
    client.socket.close();
  });

  test('may prove that it knows the secret by its URL, or by its first message', async () => {
    const { url, secret } = await createChat(['echo']);
    const byUrl = await connect(withQuery(url, `secret=${secret}`));
    expect(await byUrl.next()).toMatchObject({ type: 'connected' });
    const byMessage = await connect(url);
    byMessage.say({ secret });
    expect(await byMessage.next()).toMatchObject({ type: 'connected' });
    byUrl.socket.close();
    byMessage.socket.close();
  });

  test('with a wrong secret starts nothing: its handshake is refused, and its first message ends the connection', async () => {
    const { id, url } = await createChat(['echo']);
    const handshake = connect(url, { 'x-connic-secret': 'another-secret' });
    await expect(handshake).rejects.toThrow(RefusedHandshake);
    const stranger = await connect(url);
    stranger.say({ secret: 'wrong' });
    expect(await stranger.next()).toMatchObject({ type: 'error', code: 'unauthorized' });
    await stranger.closed;
    expect(await runsOf(id)).toEqual([]);
    await eventually('the refusal in the history of the connector', async () => {
      const { text } = await operator.call('GET', `/refused-requests?connector=${id}`);
      return text.includes('unauthorized');
    });
  });

  test('with a wrong secret in the handshake learns that by the status 401', async () => {
    const { url } = await createChat(['echo']);
    const refused = await connect(withQuery(url, 'secret=wrong')).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ status: 401 });
  });

  test('that sends a message again with its id gets the same run again', async () => {
    const { id, url, secret } = await createChat(['echo']);
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    const ends: unknown[] = [];
    for (const _time of ['first', 'second']) {
      client.say({ id: 'same', message: 'Hello' });
      ends.push((await client.until('stream_end')).at(-1)?.['run_id']);
    }
    expect(ends[0]).toBe(ends[1]);
    expect(await runsOf(id)).toHaveLength(1);
    client.socket.close();
  });

  test('that was cut off sends a message again over another connection, and gets the same run by its UUID', async () => {
    const { id, url, secret } = await createChat(['echo']);
    const messageId = crypto.randomUUID();
    const ends: unknown[] = [];
    for (const _time of ['first', 'second']) {
      const client = await connect(url, { 'x-connic-secret': secret });
      await client.next();
      client.say({ id: messageId, message: 'Hello' });
      ends.push((await client.until('stream_end')).at(-1));
      client.socket.terminate();
    }
    expect(ends[0]).toEqual(ends[1]);
    expect(await runsOf(id)).toHaveLength(1);
  });

  test('leaves without its run: a message that was acknowledged is executed to its end', async () => {
    const { id, url, secret } = await createChat(['echo']);
    const client = await connect(url, { 'x-connic-secret': secret });
    await client.next();
    client.say({ message: 'Goodbye' });
    await client.until('ack');
    client.socket.terminate();
    await eventually('the run to end', async () => (await runsOf(id))[0]?.status === 'completed');
  });
});
