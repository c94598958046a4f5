import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { sendRaw } from './sender.ts';
import { useTarget } from './target.ts';

const target = useTarget();
const { operator } = target;

const json = { 'content-type': 'application/json' };
const body = '{"order": 1}';

async function inbound(auth?: Record<string, unknown>, config: Record<string, unknown> = {}) {
  return operator.createConnector({
    mode: 'inbound',
    agents: ['echo'],
    config: auth === undefined ? config : { ...config, auth },
  });
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}

describe('the secret of a connector', () => {
  test.each<[string, (secret: string) => { headers?: Record<string, string>; query?: string }]>([
    ['the header X-Connic-Secret', (secret) => ({ headers: { 'x-connic-secret': secret } })],
    ['a Bearer token', (secret) => ({ headers: { authorization: `Bearer ${secret}` } })],
    ['the query parameter "secret"', (secret) => ({ query: `?secret=${encodeURIComponent(secret)}` })],
  ])('is taken in %s, and only the right one', async (_title, where) => {
    const connector = await inbound();
    const statusWith = async (secret: string) => {
      const { headers, query = '' } = where(secret);
      return (await sendRaw(connector, { headers: { ...json, ...headers }, query, body })).status;
    };
    expect(await statusWith(connector.secret)).toBe(200);
    for (const wrong of ['', 'wrong', connector.secret.slice(1), `${connector.secret}x`]) {
      expect(await statusWith(wrong)).toBe(401);
    }
    expect((await operator.runs(`connector=${connector.id}`)).items).toHaveLength(1);
  });

  test('of one connector does not open another', async () => {
    const [one, other] = [await inbound(), await inbound()];
    const headers = { ...json, 'x-connic-secret': other.secret };
    expect((await sendRaw(one, { headers, body })).status).toBe(401);
  });

  test('is not asked for where the connector turns it off', async () => {
    const connector = await inbound({ type: 'none' });
    expect((await sendRaw(connector, { headers: json, body })).status).toBe(200);
  });

  test('stays valid beside its successor for the time of grace, and not without it', async () => {
    const connector = await inbound();
    const statusWith = async (secret: string) =>
      (await sendRaw(connector, { headers: { ...json, 'x-connic-secret': secret }, body })).status;
    const second = await operator.rotate(connector.id, 3_600);
    expect(await statusWith(second)).toBe(200);
    expect(await statusWith(connector.secret)).toBe(200);
    const third = await operator.rotate(connector.id, 0);
    expect(await statusWith(third)).toBe(200);
    expect(await statusWith(second)).toBe(401);
    expect(await statusWith(connector.secret)).toBe(401);
    expect(await operator.secretOf(connector.id)).toBe(third);
  });
});

describe('the signature of a sender', () => {
  const key = 'a secret that the sender chose';

  interface Sender {
    readonly auth: Record<string, unknown>;
    /** The headers of a request with this body, signed at this time (Unix seconds). */
    sign(text: string, at: number): Record<string, string>;
    /** Whether the signature covers a time, so that an old one is refused. */
    readonly timed: boolean;
  }

  const hmac = (text: string, encoding: 'hex' | 'base64' = 'hex', algorithm = 'sha256') =>
    createHmac(algorithm, key).update(text).digest(encoding);

  const senders: Record<string, Sender> = {
    github: {
      auth: { type: 'github' },
      sign: (text) => ({ 'x-hub-signature-256': `sha256=${hmac(text)}` }),
      timed: false,
    },
    stripe: {
      auth: { type: 'stripe' },
      sign: (text, at) => ({ 'stripe-signature': `t=${at},v1=${hmac(`${at}.${text}`)},v0=ignored` }),
      timed: true,
    },
    slack: {
      auth: { type: 'slack' },
      sign: (text, at) => ({
        'x-slack-request-timestamp': String(at),
        'x-slack-signature': `v0=${hmac(`v0:${at}:${text}`)}`,
      }),
      timed: true,
    },
    'any HMAC': {
      auth: {
        type: 'hmac',
        header: 'X-Shop-Signature',
        algorithm: 'sha512',
        encoding: 'base64',
        prefix: 'v1=',
      },
      sign: (text) => ({ 'x-shop-signature': `v1=${hmac(text, 'base64', 'sha512')}` }),
      timed: false,
    },
    'any HMAC with a timestamp': {
      auth: { type: 'hmac', header: 'X-Signature', timestamp_header: 'X-Time', tolerance_seconds: 60 },
      sign: (text, at) => ({ 'x-time': String(at), 'x-signature': hmac(`${at}.${text}`) }),
      timed: true,
    },
  };

  describe.each(Object.entries(senders))('by %s', (_name, sender) => {
    const post = async (
      connector: { url?: string | null | undefined },
      headers: Record<string, string>,
      text = body,
    ) => (await sendRaw(connector, { headers: { ...json, ...headers }, body: text })).status;

    test('is verified over the raw body', async () => {
      const connector = await inbound(sender.auth, { signing_secret: key });
      const signed = sender.sign(body, nowSeconds());
      expect(await post(connector, signed)).toBe(200);
      expect(await post(connector, signed, `${body} `)).toBe(401);
      expect(await post(connector, sender.sign('{"order": 2}', nowSeconds()))).toBe(401);
      expect(await post(connector, {})).toBe(401);
      expect(await post(connector, { 'x-connic-secret': connector.secret })).toBe(401);
    });

    if (sender.timed) {
      test('is refused when it is old', async () => {
        const connector = await inbound(sender.auth, { signing_secret: key });
        expect(await post(connector, sender.sign(body, nowSeconds() - 3_600))).toBe(401);
      });
    }
  });

  test("by Standard Webhooks is verified with the connector's own secret, as the package signs", async () => {
    const connector = await inbound({ type: 'standard-webhooks' });
    const post = async (id: string, at: Date, signedAs: string) => {
      const signature = new Webhook(connector.secret).sign(signedAs, at, body);
      const headers = {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
        'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')} ${signature}`,
      };
      return (await sendRaw(connector, { headers: { ...json, ...headers }, body })).status;
    };
    expect(await post('msg_1', new Date(), 'msg_1')).toBe(200);
    expect(await post('msg_1', new Date(), 'msg_2')).toBe(401);
    expect(await post('msg_1', new Date(Date.now() - 3_600_000), 'msg_1')).toBe(401);
  });

  test('is verified with the old secret too, during a rotation', async () => {
    const connector = await inbound({ type: 'standard-webhooks' });
    await operator.rotate(connector.id, 3_600);
    const at = new Date();
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(connector.secret).sign('msg_1', at, body),
    };
    expect((await sendRaw(connector, { headers: { ...json, ...headers }, body })).status).toBe(200);
  });

  test.each([
    [
      'text in another encoding',
      { 'content-type': 'text/plain; charset=iso-8859-1' },
      Buffer.from('caf\xe9', 'latin1'),
      200,
    ],
    [
      'a protobuf message',
      { 'content-type': 'application/x-protobuf' },
      Buffer.from('0a02c3280801', 'hex'),
      415,
    ],
    [
      'a compressed body',
      { ...json, 'content-encoding': 'gzip' },
      gzipSync(JSON.stringify({ order: 1 })),
      200,
    ],
    ['no text', { 'content-type': 'application/octet-stream' }, Buffer.from('ff00fe80', 'hex'), 415],
  ])(
    'is verified over the bytes of %s, before anything is made of them',
    async (_what, headers, bytes, status) => {
      const connector = await inbound({ type: 'github' }, { signing_secret: key });
      const signed = {
        'x-hub-signature-256': `sha256=${createHmac('sha256', key).update(bytes).digest('hex')}`,
      };
      const post = (sent: Buffer) =>
        sendRaw(connector, { headers: { ...headers, ...signed }, body: Uint8Array.from(sent) });
      expect((await post(bytes)).status).toBe(status);
      expect((await post(Buffer.concat([bytes, Buffer.from([0xff])]))).status).toBe(401);
    },
  );

  test('is made with a signing secret that no answer shows', async () => {
    const connector = await inbound({ type: 'github' }, { signing_secret: key });
    expect(JSON.stringify(connector)).not.toContain(key);
    expect((await operator.call('GET', `/connectors/${connector.id}`)).text).not.toContain(key);
    await operator.change(connector.id, { config: { auth: { type: 'github' } } });
    const headers = { ...json, 'x-hub-signature-256': `sha256=${hmac(body)}` };
    expect((await sendRaw(connector, { headers, body })).status).toBe(200);
  });

  test.each([
    ['standard-webhooks', 'whsec_'],
    ['standard-webhooks', '!!!'],
    ['standard-webhooks', `whpk_${Buffer.alloc(32).toString('base64')}`],
    ['github', ' '],
  ])('by %s is never checked with the secret %j: it is refused when it is given', async (type, bad) => {
    const config = { auth: { type }, signing_secret: bad };
    const draft = { name: 'x', type: 'webhook', mode: 'inbound', agents: ['echo'], config };
    const refusal = {
      code: 'invalid-request',
      problems: [expect.objectContaining({ field: 'config.signing_secret' })],
    };
    const created = await operator.call('POST', '/connectors', draft);
    expect(created).toMatchObject({ status: 400, json: refusal });
    const connector = await inbound({ type });
    const changed = await operator.call('PATCH', `/connectors/${connector.id}`, {
      config: { signing_secret: bad },
    });
    expect(changed).toMatchObject({ status: 400, json: refusal });
    expect(created.text + changed.text).not.toContain(bad === ' ' ? '" "' : `"${bad}"`);
  });

  test('by Standard Webhooks needs a secret that was made for it when a connector turns to it', async () => {
    const connector = await inbound({ type: 'github' }, { signing_secret: key });
    const patch = { config: { auth: { type: 'standard-webhooks' } } };
    expect(await operator.call('PATCH', `/connectors/${connector.id}`, patch)).toMatchObject({
      status: 400,
      json: { problems: [expect.objectContaining({ field: 'config.signing_secret' })] },
    });
  });
});
