import { afterAll, describe, expect, test } from '@jest/globals';
import { type ServedMcp, startMcpServer } from '../../../test/agents/mcp-server.ts';
import { llmAgent, type OneRun, orderTool, outputOf, runOne } from '../../../test/agents/run-one.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { ToolDescription } from '../agent-project.ts';
import { rankTools } from './found-tools.ts';

const started: ServedMcp[] = [];
afterAll(() => Promise.all(started.map((server) => server.close())));

const descriptions = [
  { ...orderTool('orders.findOrder'), description: 'Finds an order by its number.' },
  { ...orderTool('orders.cancelOrder'), description: 'Cancels an order that was not sent.' },
];
const tools = {
  'orders.findOrder': async ({ orderId }: { orderId: string }) => `${orderId} was found`,
  'orders.cancelOrder': async ({ orderId }: { orderId: string }) => `${orderId} was cancelled`,
};
const discoverableTools = [
  { name: 'orders.findOrder', condition: null },
  { name: 'orders.cancelOrder', condition: 'context.role == "staff"' },
];

/** Runs an agent; the lines instruct the demo model. */
function ask(fields: Partial<LlmAgent>, lines: readonly string[], one: Partial<OneRun> = {}) {
  return runOne({
    agents: [llmAgent('desk', { discoverableTools, timeoutSeconds: 60, ...fields })],
    descriptions,
    tools,
    env: { ALLOW_PRIVATE_TARGETS: '1' },
    ...one,
    request: { payload: { message: lines.join('\n') }, ...one.request },
  });
}

describe('discoverable tools', () => {
  test('are found with their parameters, and called under their own names', async () => {
    const outcome = await ask({}, [
      'call search_tools {"query": "find order"}',
      'call use_tool {"name": "orders.findOrder", "arguments": {"orderId": "A-1"}}',
    ]);
    const output = outputOf(outcome);
    expect(output).toContain('"name":"orders.findOrder"');
    expect(output).toContain('"required":["orderId"]');
    expect(output).toContain('A-1 was found');
    const spans = outcome.trace.spans.filter(({ kind }) => kind === 'tool');
    expect(spans).toMatchObject([
      { name: 'execute_tool search_tools', status: 'ok' },
      {
        name: 'execute_tool orders.findOrder',
        status: 'ok',
        attributes: { 'gen_ai.tool.call.arguments': '{"orderId":"A-1"}' },
      },
    ]);
  });

  test('are not described to the model, which gets two tools in their place', async () => {
    const { trace } = await ask({ tools: [{ name: 'orders.findOrder', condition: null }] }, []);
    const definitions = trace.spans.find(({ kind }) => kind === 'model')?.attributes[
      'gen_ai.tool.definitions'
    ];
    const names = [...String(definitions).matchAll(/"name":"(\w+)","description"/g)].map(([, name]) => name);
    expect(names).toEqual(['orders__findOrder', 'search_tools', 'use_tool']);
    expect(definitions).toContain('Call a tool that it finds with use_tool. The tools are of: orders."');
  });

  test('have their arguments checked like those of direct calls', async () => {
    const outcome = await ask({}, [
      'call use_tool {"name": "orders.findOrder", "arguments": {"orderId": 5}}',
      'call use_tool {"name": "orders__findOrder"}',
    ]);
    expect(outputOf(outcome)).toContain('The arguments do not fit: "orderId" must be string.');
    expect(outputOf(outcome)).toContain(
      "The arguments do not fit: it must have required property 'orderId'.",
    );
    expect(outcome.trace.spans.filter(({ kind }) => kind === 'tool')).toMatchObject([
      { name: 'execute_tool orders.findOrder', status: 'error' },
      { name: 'execute_tool orders.findOrder', status: 'error' },
    ]);
  });

  test('can be found and called only where their conditions hold', async () => {
    const lines = [
      'call search_tools {"query": "cancel an order"}',
      'call use_tool {"name": "orders.cancelOrder", "arguments": {"orderId": "A-1"}}',
    ];
    const guest = outputOf(await ask({}, lines));
    expect(guest).not.toContain('Cancels an order');
    expect(guest).toContain('There is no tool "orders.cancelOrder". Did you mean "orders.findOrder"?');
    const staff = outputOf(
      await ask({}, lines, {
        request: { payload: { message: lines.join('\n') }, context: { role: 'staff' } },
      }),
    );
    expect(staff).toContain('Cancels an order that was not sent.');
    expect(staff).toContain('A-1 was cancelled');
  });

  test('are all named where a search finds nothing, and a wrong name gets a suggestion', async () => {
    const output = outputOf(
      await ask({}, [
        'call search_tools {"query": "weather"}',
        'call use_tool {"name": "orders.findOrders"}',
      ]),
    );
    expect(output).toContain(
      '{"tools":[],"hint":"No tool fits these words. These are the names of all tools.","names":["orders.findOrder"]}',
    );
    expect(output).toContain(
      'There is no tool "orders.findOrders". Did you mean "orders.findOrder"? Find one with search_tools.',
    );
  });

  test('of an MCP server need no connection until the model searches', async () => {
    const many = Array.from({ length: 300 }, (_, index) => ({
      name: `tool_${index}`,
      description: 'One of many.',
    }));
    const server = await startMcpServer({
      tools: [...many, { name: 'find_customer', description: 'Looks a customer up.' }],
      pageSize: 50,
    });
    started.push(server);
    const crm = { name: 'crm', url: server.url, headers: {}, tools: null, discoverable: true };
    await ask({ mcpServers: [crm], discoverableTools: [] }, ['say I need no tool']);
    expect(server.requests).toEqual([]);
    const outcome = await ask({ mcpServers: [crm] }, [
      'call search_tools {"query": "customers", "limit": 1}',
      'call use_tool {"name": "crm.find_customer"}',
    ]);
    expect(outputOf(outcome)).toContain('"name":"crm.find_customer"');
    expect(outputOf(outcome)).toContain('find_customer was called');
    expect(outcome.warnings).toHaveLength(1);
    expect(outcome.trace.spans.map(({ name }) => name)).toContain('execute_tool crm.find_customer');
  });
});

describe('a search', () => {
  const catalog: readonly ToolDescription[] = [
    ['mail.send', 'Sends a message to a customer by mail.'],
    ['mail.list', 'Lists mails.'],
    ['invoices.createInvoice', 'Writes an invoice for an order and returns its number.'],
    ['orders.find_order', 'Finds orders of a customer.'],
    ['wetter.vorhersage', 'Sagt das Wetter in Zürich vorher.'],
    ['tokyo.weather', '東京の天気を調べる。'],
  ].map(([name = '', description = '']) => ({ name, description, parameters: {} }));

  test.each<{ query: string; first: string | undefined }>([
    { query: 'send mail', first: 'mail.send' },
    { query: 'create an invoice', first: 'invoices.createInvoice' },
    { query: 'invoices', first: 'invoices.createInvoice' },
    { query: 'find a customer’s orders', first: 'orders.find_order' },
    { query: 'Wetter ZÜRICH', first: 'wetter.vorhersage' },
    { query: '天気', first: 'tokyo.weather' },
    { query: 'xylophone', first: undefined },
    { query: '', first: undefined },
  ])('for "$query" finds $first first', ({ query, first }) => {
    expect(rankTools(query, catalog)[0]?.name).toBe(first);
  });

  test('puts a tool whose name has the word before those that only mention it', () => {
    const names = rankTools('order', catalog).map(({ name }) => name);
    expect(names).toEqual(['orders.find_order', 'invoices.createInvoice']);
  });
});
