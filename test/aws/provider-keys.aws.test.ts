import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Run } from '../../src/core/runs/run.ts';
import { type BundledFunction, startBundledFunction } from './bundled-function.ts';
import { sampleDispatch } from './samples.ts';
import { type TestEngine, testEngine } from './test-engine.ts';

/** What no caller, run or log may see. */
const key = 'sk-live-0123456789';

let made: TestEngine;
let runner: BundledFunction | null = null;

beforeAll(async () => {
  made = await testEngine();
});
afterEach(() => runner?.stop());

/** Starts the runner with a secret of provider keys of its own. */
async function startRunner(text: string): Promise<{ secretId: string }> {
  const secretId = `keys-${crypto.randomUUID()}`;
  const secrets = await made.clients.secrets();
  await secrets.send(new CreateSecretCommand({ Name: secretId, SecretString: text }));
  const own = { PROVIDER_KEYS_SECRET_ID: secretId, GEMINI_BASE_URL: 'http://127.0.0.1:9' };
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? '';
  runner = await startBundledFunction('runner', made.resources, endpoint, own);
  return { secretId };
}

async function execute(agentName: string): Promise<Run | null> {
  const now = Date.now();
  const dispatch = sampleDispatch(now, { agents: [agentName], payload: { message: 'Hello' } });
  const [{ runId } = { runId: '' }] = dispatch.runs;
  await made.engine.runs.dispatch(dispatch);
  const record = { messageId: 'm-1', body: JSON.stringify({ id: runId }), attributes: {} };
  await runner?.invoke({ Records: [{ ...record, receiptHandle: 'none', eventSource: 'aws:sqs' }] });
  return made.engine.runs.get(runId);
}

test('A secret that is not JSON fails only agents whose model needs a key, once, and shows nothing of it', async () => {
  await startRunner(`"${key}`);
  expect(await execute('echo')).toMatchObject({ status: 'completed' });
  const failed = await execute('question-answerer');
  expect(failed).toMatchObject({
    status: 'failed',
    attempts: 1,
    error: {
      code: 'provider-key-missing',
      message: expect.stringMatching(
        /needs GEMINI_API_KEY .*in the secret that the setting providerKeysSecretArn names\. That secret is not usable/,
      ),
    },
  });
  expect(JSON.stringify(failed)).not.toContain(key.slice(0, 6));
});

test('A secret that is mended counts for the next run of the same function', async () => {
  const { secretId } = await startRunner('');
  expect(await execute('question-answerer')).toMatchObject({ error: { code: 'provider-key-missing' } });
  const secrets = await made.clients.secrets();
  const SecretString = JSON.stringify({ GEMINI_API_KEY: key });
  await secrets.send(new PutSecretValueCommand({ SecretId: secretId, SecretString }));
  // Nobody listens at the model's address: the key was found, and the model called.
  expect(await execute('question-answerer')).toMatchObject({ error: { code: 'model-error' } });
});

test('A secret that is not there says so, and an agent without a model runs', async () => {
  const own = { PROVIDER_KEYS_SECRET_ID: 'no-such-secret' };
  const endpoint = process.env['AWS_ENDPOINT_URL'] ?? '';
  runner = await startBundledFunction('runner', made.resources, endpoint, own);
  expect(await execute('echo')).toMatchObject({ status: 'completed' });
  expect(await execute('question-answerer')).toMatchObject({
    error: { message: expect.stringContaining('That secret cannot be read (ResourceNotFoundException).') },
  });
});
