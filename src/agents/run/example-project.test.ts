import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nothingOutside } from '../../../test/agents/nothing-outside.ts';
import { outputOf } from '../../../test/agents/run-one.ts';
import { startGeminiServer } from '../../../test/model-servers/gemini-server.ts';
import { type JsonValue, Payload } from '../../core/json/json-value.ts';
import type { AgentRequest } from '../../core/ports/agent-executor.ts';
import type { AgentProject, ProjectCode } from '../agent-project.ts';
import { loadProject } from '../project/load-project.ts';
import { runAgent } from './run-agent.ts';

describe('the example project', () => {
  let buildDir: string;
  let project: AgentProject;
  let code: ProjectCode;

  beforeAll(async () => {
    buildDir = await mkdtemp(join(tmpdir(), 'example-project-'));
    const load = await loadProject(join(import.meta.dirname, '../../../project'), { buildDir });
    if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
    project = load.project;
    code = await import(pathToFileURL(load.codeFile).href);
  });

  afterAll(() => rm(buildDir, { recursive: true }));

  function run(agentName: string, payload: JsonValue, env = {}) {
    const request: AgentRequest = {
      runId: '01890a5d-ac96-774b-bcce-b302099a8057',
      agentName,
      connectorId: null,
      payload: Payload.of(payload),
      modelInput: null,
      context: {},
      attempt: 1,
      isolation: 'shared' as const,
      streaming: false,
      awaited: false,
    };
    const hooks = { signal: new AbortController().signal, loadSession: async () => [], ...nothingOutside };
    return runAgent(project, code, request, hooks, { env, now: Date.now });
  }

  test('answers a question over the wire format of Gemini, as JSON', async () => {
    const server = await startGeminiServer({ script: [{ text: '{"answer": "Paris"}' }] });
    const env = { GEMINI_API_KEY: 'key-of-the-tests-1234', GEMINI_BASE_URL: server.url };
    const outcome = await run('question-answerer', { message: 'What is the capital of France?' }, env);
    await server.close();
    expect(outputOf(outcome)).toBe('{"answer": "Paris"}');
    expect(server.requests[0]?.path).toBe('/v1beta/models/gemini-2.5-flash:generateContent');
    expect(server.requests[0]?.body).toMatchObject({
      contents: [{ role: 'user', parts: [{ text: 'What is the capital of France?' }] }],
      generationConfig: { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
    });
    expect(outcome.costUsd).toBeGreaterThan(0);
  });

  test('has agents that need no key', async () => {
    expect(outputOf(await run('text-statistics', { message: 'one two' }))).toContain('2');
    expect(outputOf(await run('order-lookup', { order_id: 'A-1001' }))).toContain('shipped');
    expect(outputOf(await run('order-report', { order_id: 'A-1001' }))).toBe(
      'Order A-1001 of ada@shop.example over 49.90 euros is shipped.',
    );
  });

  test('refunds only for customers that its middleware recognises', async () => {
    const message = 'call orders.refund {"order_id": "A-1001"}';
    const staff = await run('order-desk', { message, customer: 'ada@shop.example' });
    expect(outputOf(staff)).toContain('refunded');
    expect(staff.context).toMatchObject({ customer_name: 'ada', is_staff: true });
    expect(outputOf(await run('order-desk', { message, customer: 'eve@example.com' }))).toContain(
      'unavailable tool',
    );
  });
});
