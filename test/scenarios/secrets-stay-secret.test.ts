import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { sendJson, sendRaw } from './sender.ts';
import { describeProcess, useTarget } from './target.ts';
import * as wire from './wire.ts';

const providerKey = 'provider-key-93c1b7e2a4';
const signingSecret = 'signing-secret-8d20fa61c7';
const headerSecret = 'receiver-token-77ab90cd1e';

const target = useTarget(async () => ({ GEMINI_API_KEY: providerKey, LOG_LEVEL: 'debug' }));
const { operator } = target;

/** Every file below a folder, with its bytes. */
async function filesBelow(folder: string): Promise<{ name: string; bytes: Buffer }[]> {
  const names = await readdir(folder, { recursive: true });
  const files = [];
  for (const name of names) {
    const path = join(folder, name);
    if ((await stat(path)).isFile()) files.push({ name, bytes: await readFile(path) });
  }
  return files;
}

describeProcess('secrets', () => {
  test("are in no log, no answer and, readable, in no file but the token's", async () => {
    const receiver = await target.startReceiver();
    receiver.answer(() => ({ status: 500, body: 'no' }));
    const inbound = await operator.createConnector({
      mode: 'inbound',
      agents: ['shout'],
      config: { signing_secret: signingSecret },
    });
    const outbound = await operator.createConnector({
      mode: 'outbound',
      agents: ['shout'],
      config: { url: `${receiver.url}?key=${headerSecret}`, headers: { 'x-token': headerSecret } },
    });
    const rotated = await operator.rotate(inbound.id, 3_600);
    const [runId = ''] = wire.inboundAnswer.parse((await sendJson(inbound, { message: 'a' })).json).run_ids;
    await sendRaw(inbound, { query: `?secret=${inbound.secret}`, body: '{"message":"b"}' });
    await sendRaw(inbound, { headers: { authorization: `Bearer ${rotated}` }, body: '{"message":"c"}' });
    await sendRaw(inbound, { query: `?secret=${inbound.secret}x`, method: 'GET' });
    const delivery = await operator.deliveryOf(runId, ({ attempts }) => attempts.length > 0);
    await receiver.goDown();
    const second = await operator.startRun('shout', { message: 'd' });
    await operator.deliveryOf(second, ({ attempts }) => attempts.length > 0);

    const [request] = receiver.requests;
    const secrets = {
      'the secret of an inbound connector': inbound.secret,
      'a rotated secret': rotated,
      'the secret of an outbound connector': outbound.secret,
      'a signing secret': signingSecret,
      'the admin token': target.token,
      "a provider's key": providerKey,
      'a signature': request?.headers['x-connic-signature'] ?? '',
      'a Standard Webhooks signature': request?.headers['webhook-signature']?.slice(3) ?? '',
    };
    const answers = await Promise.all(
      [
        '/connectors',
        `/connectors/${inbound.id}`,
        `/connectors/${outbound.id}`,
        '/runs',
        `/runs/${runId}`,
        `/deliveries/${delivery.delivery_id}`,
        '/audit-log',
        '/agents',
      ].map(async (path) => ({ path, text: (await operator.call('GET', path)).text })),
    );
    await target.process.stop('SIGTERM');
    const files = await filesBelow(target.process.dataDir);
    expect(files.length).toBeGreaterThan(1);

    for (const [what, secret] of Object.entries(secrets)) {
      expect(secret.length).toBeGreaterThan(16);
      const leaks = [
        ...answers.filter(({ text }) => text.includes(secret)).map(({ path }) => `GET ${path}`),
        ...(target.process.output().includes(secret) ? ['the log'] : []),
        ...files.filter(({ bytes }) => bytes.includes(secret)).map(({ name }) => name),
      ];
      expect({ what, leaks: leaks.filter((place) => !/token/.test(place)) }).toEqual({ what, leaks: [] });
    }
    expect(target.process.output()).not.toContain(`key=${headerSecret}`);
  });

  test('lie in a folder that only its owner reads', async () => {
    expect((await stat(target.process.dataDir)).mode & 0o077).toBe(0);
  });
});
