import { afterEach, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import { sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const clients: Client[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

type Created = Awaited<ReturnType<typeof operator.createConnector>>;

function createServer(mode: 'inbound' | 'sync', agents: readonly string[], config = {}): Promise<Created> {
  return operator.createConnector({ type: 'mcp', mode, agents, config });
}

/** The official client, connected. @param revision of the protocol: the current one, or what clients spoke before */
async function connect(
  { url, secret }: Created,
  revision: 'current' | 'legacy' = 'current',
): Promise<Client> {
  const mode = revision === 'legacy' ? 'legacy' : { pin: '2026-07-28' };
  const client = new Client({ name: 'scenario', version: '1' }, { versionNegotiation: { mode } });
  const headers = { authorization: `Bearer ${secret}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url ?? ''), { requestInit: { headers } }));
  clients.push(client);
  return client;
}

/** The one text of a tool's result. */
function textOf(result: { content?: unknown }): string {
  const [{ text }] = z
    .tuple([z.looseObject({ type: z.literal('text'), text: z.string() })])
    .parse(result.content);
  return text;
}

const started = z.looseObject({ run_id: z.string(), status: z.string() });

function runsOf({ id }: Created) {
  return operator.all(wire.runSummary, `/runs?connector=${id}`);
}

describe.each(['current', 'legacy'] as const)(
  'agents as tools of a client of the %s revision',
  (revision) => {
    test('are listed with their descriptions, and answer when they are called', async () => {
      const client = await connect(await createServer('sync', ['shout', 'queue-per-order']), revision);
      const { tools } = await client.listTools();
      expect(tools.map(({ name, description }) => ({ name, description }))).toEqual([
        { name: 'shout', description: 'Gives the message back in capital letters.' },
        { name: 'queue_per_order', description: 'One run at a time for each order; others wait.' },
      ]);
      const result = await client.callTool({ name: 'shout', arguments: { message: 'well done' } });
      expect(result.isError).toBeFalsy();
      expect(textOf(result)).toBe('WELL DONE');
    });

    test('get the payload beside the message, and run alone: no other linked agent does', async () => {
      const connector = await createServer('sync', ['echo', 'shout']);
      const client = await connect(connector, revision);
      const payload = { order: { id: 'A-1' } };
      const result = await client.callTool({ name: 'echo', arguments: { message: 'look', payload } });
      expect(JSON.parse(textOf(result))).toEqual({ ...payload, message: 'look', _mcp: { tool: 'echo' } });
      expect((await runsOf(connector)).map(({ agent_name }) => agent_name)).toEqual(['echo']);
    });

    test('fail with the message of their run, for the model to read', async () => {
      const client = await connect(await createServer('sync', ['fail']), revision);
      const result = await client.callTool({ name: 'fail', arguments: { message: 'x' } });
      expect(result.isError).toBe(true);
      expect(textOf(result)).toMatch(/\w/);
    });

    test('are not started by a call that is wrong', async () => {
      const connector = await createServer('sync', ['shout']);
      const client = await connect(connector, revision);
      const unknown = await client.callTool({ name: 'whisper', arguments: { message: 'x' } });
      expect(textOf(unknown)).toBe('There is no tool whisper. Tools: shout.');
      const wrong = await client.callTool({ name: 'shout', arguments: { text: 'x' } });
      expect(wrong.isError).toBe(true);
      expect(textOf(wrong)).toMatch(/^Invalid arguments\. message: /);
      expect(await runsOf(connector)).toEqual([]);
    });

    test('return a run id at once where nobody waits, and their result when it is asked for', async () => {
      const connector = await createServer('inbound', ['fill', 'shout']);
      const client = await connect(connector, revision);
      const call = { message: '', payload: { characters: 400_000 } };
      const { structuredContent } = await client.callTool({ name: 'fill', arguments: call });
      const { run_id } = started.parse(structuredContent);
      await operator.ended(run_id);
      const read = await client.callTool({ name: 'get_run', arguments: { run_id } });
      expect(read.structuredContent).toMatchObject({
        run_id,
        agent_name: 'fill',
        status: 'completed',
        error: null,
      });
      expect(z.looseObject({ output: z.string() }).parse(read.structuredContent).output).toHaveLength(
        400_000,
      );
    });

    test('tell nobody of the runs of others', async () => {
      const other = await createServer('inbound', ['shout']);
      const result = await (await connect(other)).callTool({ name: 'shout', arguments: { message: 'x' } });
      const { run_id } = started.parse(result.structuredContent);
      const client = await connect(await createServer('inbound', ['shout']), revision);
      const read = await client.callTool({ name: 'get_run', arguments: { run_id } });
      expect(read.isError).toBe(true);
      expect(textOf(read)).toBe(`This connector has started no run ${run_id}.`);
    });

    test('tell how far they are, if the client asks for it', async () => {
      const client = await connect(await createServer('sync', ['shout']), revision);
      const progress: string[] = [];
      const result = await client.callTool(
        { name: 'shout', arguments: { message: 'slowly' } },
        { onprogress: ({ message = '' }) => progress.push(message) },
      );
      expect(textOf(result)).toBe('SLOWLY');
      expect(progress).toEqual([expect.stringMatching(/^Started run [0-9a-f-]{36}\.$/)]);
    });
  },
);

describe.each(['current', 'legacy'] as const)(
  'a call that a client of the %s revision cancels',
  (revision) => {
    test('cancels its run', async () => {
      const connector = await createServer('sync', ['held']);
      const door = await target.startReceiver();
      door.answer(() => ({ status: 503 }));
      const client = await connect(connector, revision);
      const cancelling = new AbortController();
      const call = { name: 'held', arguments: { message: '', payload: { until: door.url } } };
      const called = client.callTool(call, { signal: cancelling.signal });
      called.catch(() => undefined);
      const run = await eventually('the run to start', async () => (await runsOf(connector))[0]);
      await operator.runIn('running', run.run_id);
      cancelling.abort();
      await expect(called).rejects.toThrow();
      expect(await operator.ended(run.run_id)).toMatchObject({ status: 'cancelled' });
    });
  },
);

describe('an MCP endpoint', () => {
  const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

  test('takes its secret in headers only', async () => {
    const connector = await createServer('sync', ['shout']);
    const secret = connector.secret ?? '';
    const withHeader = await sendRaw(connector, {
      headers: { ...headers, 'x-connic-secret': secret },
      body: message,
    });
    expect(withHeader.status).toBe(200);
    const withQuery = await sendRaw(
      { ...connector, url: `${connector.url}?secret=${secret}` },
      { headers, body: message },
    );
    expect(withQuery.status).toBe(401);
  });

  test('takes no page of a browser, unless its origin is listed', async () => {
    const connector = await createServer('sync', ['shout'], { allowed_origins: ['https://app.example.com'] });
    const authorization = `Bearer ${connector.secret}`;
    const from = (origin: string) =>
      sendRaw(connector, { headers: { ...headers, authorization, origin }, body: message });
    const foreign = await from('https://evil.example');
    expect({ status: foreign.status, json: foreign.json }).toEqual({
      status: 403,
      json: {
        detail: 'Web pages cannot use this connector, except from the origins in its "allowed_origins".',
        code: 'origin-not-allowed',
      },
    });
    const listed = await from('https://app.example.com');
    expect(listed.status).toBe(200);
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  });

  test('takes a call among other messages of a batch, with its message and its payload', async () => {
    const connector = await createServer('sync', ['echo']);
    const payload = { message: 'a mail', from: 'Ada' };
    const body = JSON.stringify([
      { jsonrpc: '2.0', id: 1, method: 'ping', params: {} },
      {
        jsonrpc: '2.0',
        id: 2,
        method: 'tools/call',
        params: { name: 'echo', arguments: { message: 'Summarize', payload } },
      },
    ]);
    const authorization = `Bearer ${connector.secret}`;
    const answer = await sendRaw(connector, { headers: { ...headers, authorization }, body });
    const answered = z.array(z.looseObject({ id: z.number(), result: z.looseObject({}) })).parse(answer.json);
    const { result } = answered.find(({ id }) => id === 2) ?? { result: {} };
    expect(JSON.parse(textOf(result))).toEqual({
      from: 'Ada',
      message: 'Summarize',
      _mcp: { tool: 'echo', payload: { message: 'a mail' } },
    });
  });

  test('takes one call a request', async () => {
    const connector = await createServer('sync', ['shout']);
    const call = {
      jsonrpc: '2.0',
      method: 'tools/call',
      params: { name: 'shout', arguments: { message: 'x' } },
    };
    const answer = await sendRaw(connector, {
      headers: { ...headers, authorization: `Bearer ${connector.secret}` },
      body: JSON.stringify([
        { ...call, id: 1 },
        { ...call, id: 2 },
      ]),
    });
    expect(answer.status).toBe(400);
    expect(answer.json).toEqual({ detail: 'Call one tool per request.', code: 'malformed' });
  });

  test('refuses a subscription, which would never tell of anything', async () => {
    const connector = await createServer('sync', ['shout']);
    const version = '2026-07-28';
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': version,
      'io.modelcontextprotocol/clientCapabilities': {},
      'io.modelcontextprotocol/clientInfo': { name: 'scenario', version: '1' },
    };
    const params = { notifications: { toolsListChanged: true }, _meta };
    const answer = await sendRaw(connector, {
      headers: {
        ...headers,
        authorization: `Bearer ${connector.secret}`,
        'mcp-protocol-version': version,
        'mcp-method': 'subscriptions/listen',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params }),
    });
    expect(answer.text).toContain('Subscription limit reached');
  });
});
