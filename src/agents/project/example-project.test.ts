import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { nothingOutside } from '../../../test/agents/nothing-outside.ts';
import { type JsonValue, Payload } from '../../core/json/json-value.ts';
import type { AgentOutcome } from '../../core/ports/agent-executor.ts';
import type { ProjectCode } from '../agent-project.ts';
import { runAgent } from '../run/run-agent.ts';
import { type LoadedProject, loadProject } from './load-project.ts';
import { makeProject, removeProjects, type TestProject } from './test-project.ts';

const exampleDir = join(import.meta.dirname, '../../../project');

let folder: TestProject;
let example: LoadedProject;

beforeAll(async () => {
  folder = await makeProject({});
  const load = await loadProject(exampleDir, { buildDir: folder.buildDir, env: {} });
  if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
  example = load;
});

afterAll(removeProjects);

async function run(agentName: string, payload: JsonValue): Promise<AgentOutcome> {
  const code: ProjectCode = await import(example.codeFile);
  const request = {
    ...{ runId: '019a0000-0000-7000-8000-000000000000', agentName, connectorId: null },
    payload: Payload.of(payload),
    ...{
      modelInput: null,
      context: {},
      attempt: 1,
      isolation: 'shared' as const,
      streaming: false,
      awaited: false,
    },
  };
  const hooks = { signal: new AbortController().signal, loadSession: async () => [], ...nothingOutside };
  return runAgent(example.project, code, request, hooks, { env: {}, now: Date.now });
}

test('the example project loads without a warning', () => {
  expect(example.warnings).toEqual([]);
  expect(example.project.agents.map(({ name }) => name)).toEqual([
    'order-desk',
    'order-lookup',
    'order-report',
    'order-writer',
    'question-answerer',
    'text-statistics',
  ]);
});

test('its tool agents answer without a model', async () => {
  expect(await run('text-statistics', { message: 'Two sentences. Five words here!' })).toMatchObject({
    outcome: 'completed',
    output: JSON.stringify({ words: 5, characters: 31, sentences: 2, reading_minutes: 0.1 }),
  });
  expect(await run('order-lookup', { order_id: 'A-1002' })).toMatchObject({
    outcome: 'completed',
    output: expect.stringContaining('"status":"paid"'),
  });
  expect(await run('order-lookup', { order_id: 'A-9' })).toMatchObject({
    outcome: 'failed',
    error: { code: 'tool-error', message: expect.stringContaining('There is no order "A-9".') },
  });
});

test('its sequence hands the order from one agent to the next', async () => {
  expect(await run('order-report', { order_id: 'A-1001' })).toMatchObject({
    outcome: 'completed',
    output: 'Order A-1001 of ada@shop.example over 49.90 euros is shipped.',
  });
});

test('its order desk refunds for staff, and for nobody else', async () => {
  const message = 'call orders.refund {"order_id": "A-1002"}';
  const refundOf = ({ trace }: AgentOutcome) =>
    trace.spans.find(({ name }) => name === 'execute_tool orders.refund');
  const byStaff = await run('order-desk', { message, customer: 'ada@shop.example' });
  expect(byStaff.context).toMatchObject({ customer_name: 'ada', is_staff: true });
  expect(refundOf(byStaff)).toMatchObject({ status: 'ok' });
  const byGuest = await run('order-desk', { message, customer: 'grace@example.com' });
  expect(byGuest.context).toMatchObject({ customer_name: 'grace', is_staff: false });
  expect(refundOf(byGuest)?.status).not.toBe('ok');
});

test('its question answerer says which key it misses', async () => {
  expect(await run('question-answerer', { message: 'Capital of France?' })).toMatchObject({
    outcome: 'failed',
    error: { code: 'provider-key-missing', message: expect.stringContaining('GEMINI_API_KEY') },
  });
});
