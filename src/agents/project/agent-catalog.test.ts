import { afterAll, expect, test } from '@jest/globals';
import { agentCatalog } from './agent-catalog.ts';
import { loadProject } from './load-project.ts';
import { makeProject, removeProjects } from './test-project.ts';

afterAll(removeProjects);

test('a catalog tells of each agent what operators and dispatch need', async () => {
  const project = await makeProject({
    'agents/_defaults.yaml': 'version: "1.0"\ntimeout: 60\n',
    'agents/desk.yaml':
      'name: desk\nmodel: demo/scripted\ntools: [orders.find]\ndiscoverable_tools: [orders.*]\nsession: { key: input.chat.id, ttl: 60 }\noutput_schema: any\n' +
      `mcp_servers: [{ name: crm, url: "https://\${CRM_HOST}/mcp?key=\${CRM_KEY}", tools: [find_*], discoverable: true }, { name: docs, url: https://example.com/mcp }]\n` +
      'guardrails:\n  input: [{ type: pii, mode: redact }]\n  output: [{ type: regex, name: words, mode: block, config: { patterns: [{ pattern: a }] } }]\n',
    'agents/find.yaml':
      'name: find\ntype: tool\ntool_name: orders.find\nmax_concurrent_runs: 2\nconcurrency: { key: input.id }\n',
    'agents/line.yaml':
      'name: line\ndescription: Both\ntype: sequential\nagents: [find, desk]\ninput_schema: order\n',
    'schemas/any.json': '{}',
    'schemas/order.json':
      '{"type":"object","properties":{"order_id":{"type":"string"},"cents":{"type":"integer"}},"required":["order_id","cents"]}',
    'tools/orders.ts': 'export async function find() {}\nexport async function cancel() {}',
    'middleware/desk.ts': 'export const after = () => {};',
    'hooks/desk.ts': 'export const before = () => {};',
  });
  const load = await loadProject(project.projectDir, project);
  if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
  const problem = { file: 'agents/x.yaml', line: 1, field: null, message: 'Wrong.' };
  const catalog = agentCatalog(load.project, new Map(), [problem]);

  expect(catalog.list().map(({ name }) => name)).toEqual(['desk', 'find', 'line']);
  expect(catalog.problems()).toEqual([problem]);
  expect(catalog.get('nobody')).toBeNull();
  expect(catalog.get('desk')).toEqual({
    name: 'desk',
    description: null,
    type: 'llm',
    model: 'demo/scripted',
    missingKey: null,
    guardrails: [
      { direction: 'input', type: 'pii', name: 'pii', mode: 'redact' },
      { direction: 'output', type: 'regex', name: 'words', mode: 'block' },
    ],
    tools: ['orders.find'],
    discoverableTools: ['orders.cancel'],
    compression: null,
    mcpServers: [
      { name: 'crm', url: `https://\${CRM_HOST}/mcp`, tools: ['find_*'], discoverable: true },
      { name: 'docs', url: 'https://example.com/mcp', tools: null, discoverable: false },
    ],
    steps: [],
    timeoutSeconds: 60,
    maxConcurrentRuns: null,
    concurrency: null,
    session: { key: 'input.chat.id', ttlSeconds: 60 },
    file: 'agents/desk.yaml',
    code: ['middleware/desk.ts', 'hooks/desk.ts'],
    inputSchema: null,
    outputSchema: {},
    samplePayload: { message: 'Hello' },
  });
  expect(catalog.get('find')).toMatchObject({
    model: null,
    tools: ['orders.find'],
    maxConcurrentRuns: 2,
    concurrency: { key: 'id', onConflict: 'queue' },
    session: null,
    code: [],
  });
  expect(catalog.get('line')).toMatchObject({
    type: 'sequential',
    description: 'Both',
    steps: ['find', 'desk'],
    inputSchema: { required: ['order_id', 'cents'] },
    samplePayload: { order_id: 'Hello', cents: expect.any(Number) },
  });
  expect(await catalog.inputProblem('line', { order_id: 'A-1', cents: 1 })).toBeNull();
  expect(await catalog.inputProblem('line', { order_id: 5, cents: 1 })).toBe('"order_id" must be string');
  expect(await catalog.inputProblem('desk', 'anything')).toBeNull();
});
