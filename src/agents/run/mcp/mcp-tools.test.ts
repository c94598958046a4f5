import type { RequestListener } from 'node:http';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import {
  listen,
  type McpOptions,
  type ServedMcp,
  type ServedTool,
  type Speech,
  startMcpServer,
  textResult,
} from '../../../../test/agents/mcp-server.ts';
import { errorOf, llmAgent, type OneRun, outputOf, runOne } from '../../../../test/agents/run-one.ts';
import { startAnthropicServer } from '../../../../test/model-servers/anthropic-server.ts';
import type { McpServer } from '../../agent-definition.ts';
import { McpSession } from './mcp-session.ts';
import { answerOf } from './tool-result.ts';

const started: { close(): Promise<void> }[] = [];
afterAll(() => Promise.all(started.map((server) => server.close())));

async function serve(options: McpOptions): Promise<ServedMcp> {
  const server = await startMcpServer(options);
  started.push(server);
  return server;
}

async function listenOnce(...listener: Parameters<typeof listen>): Promise<string> {
  const server = await listen(...listener);
  started.push(server);
  return server.url;
}

const env = { ALLOW_PRIVATE_TARGETS: '1' };

function crm(fields: Partial<McpServer> & { readonly url: string }): McpServer {
  return { name: 'crm', headers: {}, tools: null, discoverable: false, ...fields };
}

interface Asked extends Omit<OneRun, 'agents'> {
  readonly timeoutSeconds?: number;
}

/** Runs an agent with these servers; the lines instruct the demo model. */
function ask(servers: readonly McpServer[], lines: readonly string[], asked: Asked = {}) {
  const { timeoutSeconds = 60, ...one } = asked;
  return runOne({
    agents: [llmAgent('desk', { mcpServers: servers, timeoutSeconds })],
    env,
    ...one,
    request: { payload: { message: lines.join('\n') }, ...one.request },
  });
}

const customer = {
  name: 'find_customer',
  description: 'Finds a customer.',
  inputSchema: {
    type: 'object' as const,
    properties: { id: { type: 'string' } },
    required: ['id'],
    additionalProperties: false,
  },
  call: ({ id }: Record<string, unknown>) => textResult(`Customer ${id} is Ada.`),
};

const findAda = 'call crm.find_customer {"id": "7"}';

describe('the tools of an MCP server', () => {
  test.each<{ speech: Speech; version?: string; negotiated: string }>([
    { speech: 'current', negotiated: '2026-07-28' },
    { speech: 'stateless', negotiated: '2025-11-25' },
    { speech: 'stateful', negotiated: '2025-11-25' },
    { speech: 'stateful', version: '2025-03-26', negotiated: '2025-03-26' },
  ])('are called in revision $negotiated ($speech)', async ({ speech, version, negotiated }) => {
    const server = await serve({ speech, tools: [customer], ...(version === undefined ? {} : { version }) });
    const outcome = await ask([crm({ url: server.url })], [findAda]);
    expect(outputOf(outcome)).toContain('Customer 7 is Ada.');
    expect(outcome.trace.spans).toContainEqual(
      expect.objectContaining({
        name: 'execute_tool crm.find_customer',
        kind: 'tool',
        status: 'ok',
        attributes: expect.objectContaining({
          'gen_ai.tool.type': 'extension',
          'mcp.server.name': 'crm',
          'mcp.protocol.version': negotiated,
          'gen_ai.tool.call.arguments': '{"id":"7"}',
          'gen_ai.tool.call.result': '"Customer 7 is Ada."',
        }),
      }),
    );
    expect(outcome.warnings).toHaveLength(1);
    expect(server.sessions.size).toBe(0);
  });

  test('are those that the field tools names, with wildcards', async () => {
    const tools = ['find_customer', 'find_order', 'delete_order'].map((name) => ({ name }));
    const { url } = await serve({ tools });
    const servers = [crm({ url, tools: ['find_*'] })];
    expect(outputOf(await ask(servers, ['call crm.find_order']))).toContain('find_order was called');
    expect(outputOf(await ask(servers, ['call crm.delete_order']))).toContain('unavailable tool');
  });

  test('have the hooks of the agent around them, under their own names also if the model found them', async () => {
    const { url } = await serve({ tools: [customer] });
    const toolHooks = {
      desk: {
        before: (name: string) => (name === 'crm.find_customer' ? { id: '8' } : undefined),
        after: (_name: string, _params: object, result: unknown) => `${result} Or not.`,
      },
    };
    const listed = await ask([crm({ url })], [findAda], { toolHooks });
    expect(outputOf(listed)).toContain('Customer 8 is Ada. Or not.');
    const use = 'call use_tool {"name": "crm.find_customer", "arguments": {"id": "7"}}';
    const found = await ask([crm({ url, discoverable: true })], [use], { toolHooks });
    expect(outputOf(found)).toContain('Customer 8 is Ada. Or not.');
  });

  test('that the server does not have are named in a warning', async () => {
    const { url } = await serve({ tools: [customer] });
    const outcome = await ask([crm({ url, tools: ['find_custmer', 'find_*', 'list_*'] })], [findAda]);
    expect(outcome.warnings).toEqual(
      expect.arrayContaining([
        'The MCP server "crm" has no tool "find_custmer". Did you mean "find_customer"?',
        'The MCP server "crm" has no tool "list_*".',
      ]),
    );
    expect(outputOf(outcome)).toContain('Customer 7 is Ada.');
  });

  test('are read from all pages; the model gets 100, and a warning says what to do', async () => {
    const tools = Array.from({ length: 500 }, (_, index) => ({ name: `tool_${index}` }));
    const { url } = await serve({ tools, pageSize: 40 });
    const all = await ask([crm({ url })], ['call crm.tool_99']);
    expect(outputOf(all)).toContain('tool_99 was called');
    expect(all.warnings).toContain(
      'The model gets the first 100 of the 500 tools of the MCP server "crm". Choose some with its field tools, or set discoverable to true.',
    );
    const chosen = await ask([crm({ url, tools: ['tool_499'] })], ['call crm.tool_499']);
    expect(outputOf(chosen)).toContain('tool_499 was called');
  });

  test('are listed again after the server has said that they changed', async () => {
    const tools: ServedTool[] = [];
    tools.push({
      name: 'learn',
      call: async (_input, { mcpReq }) => {
        tools.push({ name: 'dance' });
        await mcpReq.notify({ method: 'notifications/tools/list_changed' });
        return textResult('learnt');
      },
    });
    const { url } = await serve({ speech: 'stateful', tools });
    const outcome = await ask([crm({ url })], ['call crm.learn', 'call crm.dance']);
    expect(outputOf(outcome)).toContain('dance was called');
  });

  test('report wrong arguments and their own errors to the model, and the run goes on', async () => {
    const { url } = await serve({
      tools: [customer, { name: 'fail', call: () => textResult('There is no such order.', true) }],
    });
    const outcome = await ask([crm({ url })], ['call crm.find_customer {"id": 7}', 'call crm.fail', findAda]);
    const output = outputOf(outcome);
    expect(output).toContain('The arguments do not fit: "id" must be string.');
    expect(output).toContain('There is no such order.');
    expect(output).toContain('Customer 7 is Ada.');
    expect(outcome.trace.spans.filter(({ kind }) => kind === 'tool')).toMatchObject([
      { status: 'error', error: 'The arguments do not fit: "id" must be string.' },
      { status: 'error', error: 'There is no such order.' },
      { status: 'ok' },
    ]);
  });

  test('are called unchecked if their schema is not valid', async () => {
    const inputSchema = { type: 'object' as const, properties: { id: { type: 'nonsense' } } };
    const { url } = await serve({ tools: [{ ...customer, inputSchema }] });
    expect(outputOf(await ask([crm({ url })], [findAda]))).toContain('Customer 7 is Ada.');
  });

  test('give images and PDFs to the model as files, and name what it cannot read', async () => {
    const content: CallToolResult['content'] = [
      { type: 'text', text: 'The plan:' },
      { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
      { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
      {
        type: 'resource',
        resource: { uri: 'file:///plan.pdf', mimeType: 'application/pdf', blob: 'JVBERi0=' },
      },
      { type: 'resource', resource: { uri: 'file:///plan.txt', text: 'First, dig.' } },
      { type: 'resource_link', name: 'map', uri: 'https://example.com/map' },
    ];
    const { url } = await serve({ tools: [{ name: 'plan', call: () => ({ content }) }] });
    const model = await startAnthropicServer({
      script: [{ toolCalls: [{ name: 'crm__plan', arguments: {} }] }, { text: 'Seen.' }],
    });
    started.push(model);
    const outcome = await runOne({
      agents: [llmAgent('desk', { model: 'anthropic/claude-sonnet-5', mcpServers: [crm({ url })] })],
      env: { ...env, ANTHROPIC_API_KEY: 'key-of-the-tests-1234', ANTHROPIC_BASE_URL: model.url },
    });
    expect(outputOf(outcome)).toBe('Seen.');
    const sent = JSON.stringify(model.requests.at(-1)?.body['messages']);
    expect(sent).toContain(
      JSON.stringify(
        [
          'The plan:',
          '[file "image-1" (image/png, 9 bytes), in the next message]',
          '[file "audio-2" (audio/wav, 6 bytes), which cannot be shown]',
          '[file "file:///plan.pdf" (application/pdf, 6 bytes), in the next message]',
          'file:///plan.txt:',
          'First, dig.',
          '[resource "map" at https://example.com/map]',
        ].join('\n'),
      ),
    );
    expect(sent).toContain('"data":"iVBORw0KGgo="');
    expect(sent).toContain('"data":"JVBERi0="');
    expect(sent).not.toContain('UklGRg==');
    const span = outcome.trace.spans.find(({ kind }) => kind === 'tool');
    expect(JSON.stringify(span)).toContain('image-1 (image/png)');
    expect(JSON.stringify(outcome.trace)).not.toContain('iVBORw0KGgo');
  });

  test('get at most 100,000 characters of a result to the model', () => {
    const text = answerOf(textResult('x'.repeat(100_005)));
    expect(String(text).slice(99_999)).toBe('x\n[5 more characters were cut]');
  });

  test('are given up after a time, which is no part of the time for connecting', async () => {
    const { url } = await serve({ tools: [{ name: 'sleep', call: () => new Promise(() => undefined) }] });
    const limits = { connectMs: 60_000, callMs: 200 };
    const filled = { server: crm({ url }), url, headers: {} };
    const session = new McpSession(filled, true, limits, new AbortController().signal);
    await session.connect();
    await expect(session.call('sleep', {})).rejects.toThrow('It did not answer within 0.2 s.');
    await session.close();
  });
});

test('a run whose conversation cannot be loaded ends its sessions', async () => {
  const server = await serve({ speech: 'stateful', tools: [customer] });
  const session = { key: 'context.chat', ttlSeconds: null };
  const run = runOne({
    agents: [llmAgent('desk', { mcpServers: [crm({ url: server.url })], session })],
    env,
    request: { context: { chat: '1' } },
    hooks: { loadSession: () => Promise.reject(new Error('store away')) },
  });
  await expect(run).rejects.toThrow('the conversation could not be loaded: store away');
  expect(server.requests.map(({ method }) => method)).toContain('DELETE');
  expect(server.sessions.size).toBe(0);
});

describe('an MCP server that is not available', () => {
  const unavailable = (reason: string) =>
    `The agent runs without the tools of the MCP server "crm": ${reason}`;

  test.each<{ what: string; listener: RequestListener; reason: string; timeoutSeconds?: number }>([
    {
      what: 'that hangs',
      listener: () => undefined,
      timeoutSeconds: 8,
      reason: 'It did not answer within 2 s.',
    },
    {
      what: 'that asks for credentials',
      listener: (_request, response) => response.writeHead(401).end('{"error":"who are you?"}'),
      reason: 'It refused the credentials (401). Set its headers in mcp_servers.',
    },
    {
      what: 'that fails',
      listener: (_request, response) => response.writeHead(503).end('away'),
      reason: 'It responded with 503.',
    },
    {
      what: 'that redirects to another address',
      listener: (_request, response) =>
        response.writeHead(307, { location: 'http://169.254.169.254/latest/meta-data' }).end(),
      reason: 'It redirects to another address (307), which is not followed.',
    },
  ])('$what is a warning, and the agent runs', async ({ listener, reason, timeoutSeconds = 60 }) => {
    const url = await listenOnce(listener);
    const outcome = await ask([crm({ url })], ['say I am here'], { timeoutSeconds });
    expect(outputOf(outcome)).toBe('I am here');
    expect(outcome.warnings).toContain(unavailable(reason));
    expect(outcome.trace.spans).toContainEqual(
      expect.objectContaining({ name: 'connect crm', status: 'error', error: reason }),
    );
  });

  test('or that sends something else than the protocol is a warning', async () => {
    for (const body of ['{"jsonrpc": "2.0", ', '<html></html>', '{"hello": "world"}']) {
      const url = await listenOnce((_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end(body),
      );
      const outcome = await ask([crm({ url })], ['say I am here']);
      expect(outputOf(outcome)).toBe('I am here');
      expect(outcome.warnings.join()).toContain('The agent runs without the tools of the MCP server "crm": ');
    }
  });

  test('does not take away the tools of the others', async () => {
    const { url } = await serve({ tools: [customer] });
    const away = {
      name: 'away',
      url: 'http://127.0.0.1:1/mcp',
      headers: {},
      tools: null,
      discoverable: false,
    };
    const outcome = await ask([away, crm({ url })], [findAda]);
    expect(outputOf(outcome)).toContain('Customer 7 is Ada.');
    expect(outcome.warnings).toContain(
      'The agent runs without the tools of the MCP server "away": The server refused the connection.',
    );
  });

  test.each([
    {
      url: 'http://mcp.example.com/mcp',
      reason: 'The target must use https. ALLOW_PRIVATE_TARGETS=1 allows plain http.',
    },
    {
      url: 'https://localhost/mcp',
      reason: 'The target has a loopback or private address, which ALLOW_PRIVATE_TARGETS does not allow.',
    },
  ])('is also $url, unless the operator allows it', async ({ url, reason }) => {
    const outcome = await ask([crm({ url })], ['say I am here'], { env: {} });
    expect(outputOf(outcome)).toBe('I am here');
    expect(outcome.warnings).toContain(unavailable(reason));
  });

  test('can also go away later: the model is told', async () => {
    const server = await serve({
      tools: [customer, { name: 'leave', call: () => server.close().then(() => textResult('bye')) }],
    });
    const outcome = await ask([crm({ url: server.url })], ['call crm.leave', findAda]);
    expect(outputOf(outcome)).toContain('The MCP server "crm" failed: ');
    expect(outcome.outcome).toBe('completed');
  });
});

describe('the headers of an MCP server', () => {
  const headers = {
    Authorization: `Bearer \${CRM_TOKEN}`,
    'X-Customer': `\${context.customer.id}`,
    'X-Price': `$\${5}`,
  };
  const secret = 'crm-token-4711';

  test('are filled from the environment and the context of the run, and the trace shows none of it', async () => {
    const echo = {
      name: 'echo',
      call: (_input: unknown, { http }: ServerContext) =>
        textResult(`You are ${http?.req?.headers.get('authorization')}`),
    };
    const server = await serve({ tools: [echo] });
    const outcome = await ask([crm({ url: server.url, headers })], ['call crm.echo'], {
      env: { ...env, CRM_TOKEN: secret },
      request: { context: { customer: { id: 'customer-12345' } } },
    });
    const [first] = server.requests;
    expect(first?.headers.get('authorization')).toBe(`Bearer ${secret}`);
    expect(first?.headers.get('x-customer')).toBe('customer-12345');
    expect(first?.headers.get('x-price')).toBe(`\${5}`);
    expect(outputOf(outcome)).toContain(secret);
    const trace = JSON.stringify(outcome.trace);
    expect(trace).toContain('You are [redacted]');
    expect(trace).not.toContain(secret);
    expect(trace).not.toContain('customer-12345');
  });

  test('that lack a value fail the run and say what is missing', async () => {
    const { url } = await serve({ tools: [customer] });
    const servers = [crm({ url, headers })];
    expect(errorOf(await ask(servers, [findAda]))).toEqual({
      code: 'mcp-server-unusable',
      message:
        'The MCP server "crm" cannot be used: its header "Authorization" needs the variable CRM_TOKEN, which is not set.',
    });
    expect(errorOf(await ask(servers, [findAda], { env: { ...env, CRM_TOKEN: secret } })).message).toBe(
      'The MCP server "crm" cannot be used: its header "X-Customer" needs context.customer.id, which is not set.',
    );
  });

  test('cannot contain what HTTP does not allow', async () => {
    const servers = [crm({ url: 'https://example.com/mcp', headers: { 'X-User': `\${context.user}` } })];
    const outcome = await ask(servers, [], { request: { context: { user: 'a\r\nX-Admin: 1' } } });
    expect(errorOf(outcome).message).toBe(
      'The MCP server "crm" cannot be used: its header "X-User" has a value that HTTP does not allow.',
    );
  });
});
