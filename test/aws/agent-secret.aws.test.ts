import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type JsonObject, jsonObject } from '../../src/core/json/json-value.ts';
import type { ServedMcp } from '../agents/mcp-server.ts';
import { notesToken, startNotesServer } from '../mcp/notes-server.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { sampleConnector, sampleDispatch } from './samples.ts';
import { type TestEngine, testEngine } from './test-engine.ts';

let made: TestEngine;
let folder: string;
let started: BundledFunction | null = null;

beforeAll(async () => {
  made = await testEngine();
  folder = await mkdtemp(join(tmpdir(), 'agent-secret-'));
});
afterEach(() => started?.stop());
afterAll(() => rm(folder, { recursive: true, force: true }));

/** @returns the secret with this text, which the function reads */
async function start(text: string, entry = 'runner', project?: string): Promise<string> {
  const secretId = `variables-${crypto.randomUUID()}`;
  const secrets = await made.clients.secrets();
  await secrets.send(new CreateSecretCommand({ Name: secretId, SecretString: text }));
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? '';
  const own = { AGENT_SECRET_ID: secretId };
  started = await startBundledFunction(entry, made.resources, endpoint, own, project);
  return secretId;
}

/** A run of the agent whose tool writes into the file that its variable names. */
function execute(number: number) {
  return executeAgent('journal', { number, ms: 0 });
}

async function executeAgent(name: string, payload: JsonObject) {
  const dispatch = sampleDispatch(Date.now(), { agents: [name], payload });
  const [{ runId } = { runId: '' }] = dispatch.runs;
  await made.engine.runs.dispatch(dispatch);
  const record = { messageId: 'm-1', body: JSON.stringify({ id: runId }), attributes: {} };
  await started?.invoke({ Records: [{ ...record, receiptHandle: 'none', eventSource: 'aws:sqs' }] });
  return made.engine.runs.get(runId);
}

test('A tool finds the variables of the secret in its environment', async () => {
  const file = join(folder, 'journal.txt');
  await start(JSON.stringify({ JOURNAL_FILE: file }));
  expect(await execute(7)).toMatchObject({ status: 'completed', output: 'wrote 7' });
  expect(await readFile(file, 'utf8')).toMatch(/ 7\n$/);
});

test('A secret that is no use fails runs with its setting and without a word of it, until it is mended', async () => {
  const secretId = await start('sk-live-0123456789');
  const failed = await execute(8);
  expect(failed).toMatchObject({
    status: 'failed',
    attempts: 1,
    error: {
      code: 'agent-secret-unusable',
      message: expect.stringMatching(/^The secret that the setting agentSecretArn names is not usable: /),
    },
  });
  expect(JSON.stringify(failed)).not.toContain('sk-live');
  const secrets = await made.clients.secrets();
  const SecretString = JSON.stringify({ JOURNAL_FILE: join(folder, 'mended.txt') });
  await secrets.send(new PutSecretValueCommand({ SecretId: secretId, SecretString }));
  expect(await execute(9)).toMatchObject({ status: 'completed' });
});

describe('A variable of the secret is in the headers of an MCP server, whose tools the agent calls', () => {
  let notes: ServedMcp;
  const payload = { message: 'call notes.write_note {"text": "Hi"}', visitor: 'Ada' };
  const output = expect.stringContaining('Ada wrote: Hi');

  beforeAll(async () => {
    notes = await startNotesServer();
  });
  afterAll(() => notes.close());

  const startEntry = (entry: string) =>
    start(JSON.stringify({ NOTES_URL: notes.url, NOTES_TOKEN: notesToken }), entry, 'test/mcp/project');

  afterEach(() => {
    const authorized = notes.requests.map(({ headers }) => headers.get('authorization'));
    expect(new Set(authorized)).toEqual(new Set([`Bearer ${notesToken}`]));
    expect(notes.sessions.size).toBe(0);
  });

  test('in a queued run', async () => {
    await startEntry('runner');
    expect(await executeAgent('note-taker', payload)).toMatchObject({ status: 'completed', output });
  });

  test('in a run that a sync webhook waits for', async () => {
    const config = { auth: { type: 'none' } };
    const connector = sampleConnector(Date.now(), { mode: 'sync', agents: ['note-taker'], config });
    await made.engine.connectors.create(connector);
    await startEntry('webhook-sync');
    const event = jsonObject.parse(
      JSON.parse(await readFile(join(import.meta.dirname, 'samples/rest-api-event.json'), 'utf8')),
    );
    const answer = await started?.invoke({
      ...event,
      httpMethod: 'POST',
      resource: '/webhooks/{connector_id}/sync',
      path: `/webhooks/${connector.id}/sync`,
      pathParameters: { connector_id: connector.id },
      multiValueHeaders: { 'Content-Type': ['application/json'] },
      body: JSON.stringify(payload),
    });
    const { body } = jsonObject.parse(answer);
    expect(JSON.parse(String(body))).toMatchObject({ result: { status: 'completed', output } });
  });
});
