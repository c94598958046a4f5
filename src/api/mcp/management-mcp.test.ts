import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import * as z from 'zod';
import { adminToken, type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { eventually } from '../../../test/scenarios/eventually.ts';
import { createdApiKey } from '../contract/api-key.ts';

let product: RunningProduct;
const clients: Client[] = [];

beforeAll(async () => {
  product = await runProduct();
});
afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));
afterAll(() => product.stop());

const revisions = ['legacy' as const, { pin: '2026-07-28' }];
type Revision = (typeof revisions)[number];

/** The official client, of the current revision or of those before. */
async function connect(
  token: string,
  mode: Revision = 'legacy',
  call: typeof fetch = fetch,
): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const address = new URL(`${product.baseUrl}/api/v1/mcp`);
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(address, { requestInit, fetch: call }));
  clients.push(client);
  return client;
}

async function viewerToken(): Promise<string> {
  const created = await product.call('POST', '/api-keys', {
    name: `watcher ${crypto.randomUUID()}`,
    role: 'viewer',
  });
  return createdApiKey.parse(created.json).key;
}

const made = z.looseObject({ id: z.string(), url: z.string() });
const listed = z.looseObject({
  items: z.array(z.looseObject({ status: z.string(), agent_name: z.string() })),
});

describe('the management API as an MCP server', () => {
  test.each(revisions)('makes a connector, runs an agent, and reads its run (%j)', async (revision) => {
    const client = await connect(adminToken, revision);
    const created = await client.callTool({
      name: 'create_connector',
      arguments: { type: 'webhook', mode: 'inbound', name: crypto.randomUUID(), agents: ['echo'] },
    });
    expect(created.isError).toBeFalsy();
    const connector = made.parse(created.structuredContent);
    expect(created.structuredContent).not.toHaveProperty('secret');

    const started = await client.callTool({
      name: 'start_run',
      arguments: { name: 'echo', payload: { order: 'A-1' } },
    });
    const { run_id } = z.looseObject({ run_id: z.string() }).parse(started.structuredContent);
    const run = await client.callTool({ name: 'show_run', arguments: { id: run_id } });
    expect(run.structuredContent).toMatchObject({ run_id, agent_name: 'echo', payload: { order: 'A-1' } });
    const runs = await client.callTool({ name: 'list_runs', arguments: { agent: 'echo', limit: 1 } });
    expect(listed.parse(runs.structuredContent).items).toHaveLength(1);

    const deleted = await client.callTool({ name: 'delete_connector', arguments: { id: connector.id } });
    expect(deleted.content).toEqual([{ type: 'text', text: 'Done.' }]);
  });

  test('gives a viewer no tool that changes anything, and refuses a call of one', async () => {
    const operator = await (await connect(adminToken)).listTools();
    const client = await connect(await viewerToken());
    const { tools } = await client.listTools();
    expect(tools.map(({ annotations }) => annotations?.readOnlyHint)).toEqual(tools.map(() => true));
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(['list_runs', 'show_delivery']));
    expect(operator.tools.length).toBeGreaterThan(tools.length);
    const refused = await client.callTool({ name: 'delete_connector', arguments: { id: 'x' } });
    expect(refused).toMatchObject({
      isError: true,
      content: [{ text: 'There is no tool delete_connector, or your role does not allow it.' }],
    });
  });

  test('lets a viewer link and unlink no agent, not even one named like the server', async () => {
    const { id } = await product.connect('inbound', ['echo']);
    const authorization = `Bearer ${await viewerToken()}`;
    for (const method of ['PUT', 'DELETE']) {
      const answer = await product.call(method, `/connectors/${id}/agents/mcp`, undefined, { authorization });
      expect(answer.status).toBe(403);
    }
  });

  test('shows no secret and no key, and signs nobody in, whoever asks', async () => {
    const { tools } = await (await connect(adminToken)).listTools();
    expect(tools.filter(({ name }) => /secret|api_key|session|sign_in/.test(name))).toEqual([]);
  });

  test("passes on what the API refuses, in the API's own words", async () => {
    const client = await connect(adminToken);
    const missing = await client.callTool({ name: 'show_run', arguments: { id: 'no-run' } });
    expect(missing.isError).toBe(true);
    expect(JSON.stringify(missing.content)).toContain('run-not-found');
  });

  test.each(revisions)('keeps every digit of a number, both ways (%j)', async (revision) => {
    const answered: string[] = [];
    const client = await connect(adminToken, revision, async (url, init) => {
      const body = init?.body;
      const sent = typeof body === 'string' ? body.replace('"a large number"', '9007199254740993') : body;
      const response = await fetch(url, { ...init, ...(sent === undefined ? {} : { body: sent }) });
      answered.push(await response.clone().text());
      return response;
    });
    const started = await client.callTool({
      name: 'start_run',
      arguments: { name: 'echo', payload: { order: 'a large number' } },
    });
    const { run_id } = z.looseObject({ run_id: z.string() }).parse(started.structuredContent);
    const shown = await client.callTool({ name: 'show_run', arguments: { id: run_id } });
    expect(shown.content).toEqual([
      { type: 'text', text: expect.stringContaining('"payload":{"order":9007199254740993}') },
    ]);
    expect(answered.at(-1)).toMatch(/"structuredContent":.*"payload":{"order":9007199254740993}/);
  });

  test.each(['drop_delivery', 'redeliver'])(
    '%s of an id that is a dot drops and sends nothing',
    async (name) => {
      const { id } = await product.connect('outbound', ['shout'], { url: 'https://a.example' });
      await product.call('PATCH', `/connectors/${id}`, { enabled: false });
      await product.call('POST', '/agents/shout/runs', { payload: { message: 'a' } });
      const held = async () => (await product.engine.deliveries.countHeld(id)).count;
      await eventually('a held result', async () => (await held()) === 1);
      const client = await connect(adminToken);
      expect(await client.callTool({ name, arguments: { id: '.' } })).toMatchObject({
        isError: true,
        content: [{ text: '"." is not a valid id.' }],
      });
      expect(await held()).toBe(1);
      await product.call('DELETE', `/connectors/${id}`);
    },
  );

  test('has each tool once, and each argument of a call once', async () => {
    const { tools } = await (await connect(adminToken)).listTools();
    const names = tools.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { inputSchema } of tools) {
      expect(new Set(inputSchema.required).size).toBe(inputSchema.required?.length ?? 0);
    }
  });

  test('takes nobody without a token', async () => {
    const answer = await product.call('POST', '/mcp', {}, { authorization: 'Bearer wrong' });
    expect(answer.status).toBe(401);
  });
});
