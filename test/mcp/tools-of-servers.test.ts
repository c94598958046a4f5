import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ServedMcp } from '../agents/mcp-server.ts';
import { adminToken, type RunningProduct, runProduct } from '../running-product.ts';
import { operatorOf } from '../scenarios/operator.ts';
import { sendJson } from '../scenarios/sender.ts';
import { syncAnswer } from '../scenarios/wire.ts';
import { notesToken, startNotesServer } from './notes-server.ts';

/* An agent whose tools are those of an MCP server, on the embedded engine. */

const projectDir = join(import.meta.dirname, 'project');
let notes: ServedMcp;
let colleagues: RunningProduct;
let product: RunningProduct;

beforeAll(async () => {
  [notes, colleagues] = await Promise.all([startNotesServer(), runProduct({ projectDir })]);
  const operator = operatorOf({ baseUrl: colleagues.baseUrl, token: adminToken });
  const agents = ['test-simple-text', 'test-error-handling'];
  const offered = await operator.createConnector({ type: 'mcp', mode: 'sync', agents });
  const env = {
    ...{ NOTES_URL: notes.url, NOTES_TOKEN: notesToken },
    ...{ COLLEAGUES_URL: String(offered.url), COLLEAGUES_SECRET: offered.secret },
  };
  product = await runProduct({ projectDir, env });
});
afterAll(async () => {
  await product?.stop();
  await colleagues?.stop();
  await notes?.close();
});

async function ask(payload: object, agent = 'note-taker') {
  const connector = await product.connect('sync', [agent]);
  const { result } = syncAnswer.parse((await sendJson(connector, payload)).json);
  return result;
}

test('concurrent runs call the server in sessions of their own, each with its own headers', async () => {
  const visitors = ['Ada', 'Grace', 'Edsger'];
  const results = await Promise.all(
    visitors.map((visitor) => ask({ message: 'call notes.write_note {"text": "Hi"}', visitor })),
  );
  for (const [index, visitor] of visitors.entries()) {
    expect(results[index]).toMatchObject({
      status: 'completed',
      output: expect.stringContaining(`${visitor} wrote: Hi`),
    });
  }
  const authorized = notes.requests.map(({ headers }) => headers.get('authorization'));
  expect(new Set(authorized)).toEqual(new Set([`Bearer ${notesToken}`]));
  expect(notes.sessions.size).toBe(0);
});

test('a run without a value for a header fails and says which', async () => {
  expect(await ask({ message: 'call notes.write_note {"text": "Hi"}' })).toMatchObject({
    status: 'failed',
    error:
      'The MCP server "notes" cannot be used: its header "X-Visitor" needs context.visitor, which is not set.',
  });
});

test('the trace of a run shows the calls and no header', async () => {
  const visitor = 'visitor-4711';
  const { run_id: id } = await ask({ message: 'call notes.write_note {"text": "Hi"}', visitor });
  const spans = (await product.engine.runs.trace(id)).spans;
  const names = spans.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['connect notes', 'execute_tool notes.write_note']));
  const text = JSON.stringify(spans);
  expect(text).toContain('[redacted] wrote: Hi');
  expect(text).not.toContain(notesToken);
  expect(text).not.toContain(visitor);
});

test('the API describes the servers of an agent without the values of variables', async () => {
  const { json, text } = await product.call('GET', '/agents/note-taker');
  expect(json).toMatchObject({
    mcp_servers: [{ name: 'notes', url: `\${NOTES_URL}`, tools: ['write_*'], discoverable: false }],
  });
  expect(text).not.toContain(notesToken);
});

test('an agent calls the agents of another system, which offers them through its MCP connector', async () => {
  const lines = [
    'call colleagues.test_simple_text {"message": "Hello"}',
    'call colleagues.test_error_handling {"message": "Hello"}',
  ];
  const result = await ask({ message: lines.join('\n') }, 'delegate');
  expect(result).toMatchObject({ status: 'completed' });
  const spans = (await product.engine.runs.trace(result.run_id)).spans.filter(({ kind }) => kind === 'tool');
  expect(spans).toMatchObject([
    { name: 'execute_tool colleagues.test_simple_text', status: 'ok' },
    { name: 'execute_tool colleagues.test_error_handling', status: 'error' },
  ]);
});
