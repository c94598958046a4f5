import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import twilio from 'twilio';
import { eventually } from '../scenarios/eventually.ts';
import { type ChatConnector, type ChatProduct, connectTwo, startChatProduct } from './chat-product.ts';
import { mediaText, startTwilioServer, type TwilioServer } from './twilio-server.ts';

const accountSid = `AC${'0123456789abcdef'.repeat(2)}`;
const authToken = '12345678901234567890123456789012';
/** Where a proxy in front of the product is reached. */
const baseUrl = 'https://agents.example.com/connect';

let product: ChatProduct;
let api: TwilioServer;
beforeAll(async () => {
  api = await startTwilioServer(accountSid, authToken);
  product = await startChatProduct({ server: { baseUrl } });
});
afterEach(() => {
  api.refuse = () => null;
  api.messages.length = 0;
});
afterAll(async () => {
  await product.stop();
  await api.stop();
});

const account = () => ({ account_sid: accountSid, auth_token: authToken, api_url: api.url });
const connectInbound = (config: Record<string, unknown> = {}, agents = ['reply']) =>
  product.create({ type: 'twilio_messaging', mode: 'inbound', agents, config: { ...account(), ...config } });
const connectOutbound = ({ id }: ChatConnector, config: Record<string, unknown> = {}) =>
  product.create({
    type: 'twilio_messaging',
    mode: 'outbound',
    config: { ...account(), from_connectors: [id], ...config },
  });

let nextSid = 1;

function message(text: string, change: Record<string, string> = {}): Record<string, string> {
  const MessageSid = `SM${nextSid++}`;
  return {
    MessageSid,
    AccountSid: accountSid,
    From: '+15557654321',
    To: '+15551234567',
    Body: text,
    NumMedia: '0',
    ...change,
  };
}

/** Sends a form as Twilio does: signed for the address of the proxy, which passes it on to another one. */
async function tell({ id, url }: ChatConnector, form: Record<string, string>, token = authToken, query = '') {
  const signature = twilio.getExpectedTwilioSignature(token, `${url}${query}`, form);
  const response = await fetch(`${product.baseUrl}/webhooks/${id}${query}`, {
    method: 'POST',
    headers: { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
  return { status: response.status, text: await response.text() };
}

const outage = { status: 503, code: 20503, message: 'Service Unavailable' };
const noReply = { status: 200, text: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>' };

async function deliveryOf(connector: ChatConnector, text: string, status: string) {
  const runId = await eventually('the run', async () => {
    const runs = await product.runsOf(connector.id, 1);
    return runs.find(({ payload }) => Object(payload).text === text)?.run_id;
  });
  return product.deliveryOf(runId, (delivery) => delivery.status === status && delivery.attempts.length > 0);
}

describe('a message of Twilio, through a proxy', () => {
  test('runs all linked agents with its payload, once, and is answered without a reply', async () => {
    const connector = await connectInbound({}, ['reply', 'keep']);
    expect(connector.url).toBe(`${baseUrl}/webhooks/${connector.id}`);
    const form = message('Hello & Grüße');
    expect([await tell(connector, form), await tell(connector, form)]).toEqual([noReply, noReply]);
    const runs = await product.runsOf(connector.id, 2);
    expect(runs.map(({ agent_name }) => agent_name).sort()).toEqual(['keep', 'reply']);
    expect(runs[0]?.payload).toEqual({
      text: 'Hello & Grüße',
      from: '+15557654321',
      to: '+15551234567',
      channel: 'sms',
      message_sid: form['MessageSid'],
      conversation_id: 'sms:+15551234567:+15557654321',
      files: [],
      _twilio: form,
    });
  });

  test('is signed with its query', async () => {
    const connector = await connectInbound();
    expect(await tell(connector, message('Hi'), authToken, '?shop=1&x=%20')).toEqual(noReply);
  });

  test('brings its media, which Twilio keeps elsewhere', async () => {
    const connector = await connectInbound({}, ['keep']);
    const MediaUrl0 = `${api.url}/2010-04-01/Accounts/${accountSid}/Messages/MM1/Media/ME1`;
    const elsewhere = { MediaUrl1: 'https://elsewhere.example/1', MediaContentType1: 'image/png' };
    const media = { NumMedia: '2', MediaUrl0, MediaContentType0: 'text/csv', ...elsewhere };
    await tell(connector, message('See', media));
    const [run] = await product.runsOf(connector.id, 1);
    const data = Buffer.from(mediaText).toString('base64');
    expect(run?.payload).toMatchObject({ files: [{ name: 'media-0.csv', mime_type: 'text/csv', data }] });
    expect(run?.warnings).toEqual(['The file "media-1.png" was omitted: it is not stored at Twilio.']);
  });

  test('is refused if its sender is missing', async () => {
    const refused = await tell(await connectInbound(), message('Hi', { From: '' }));
    expect(refused.status).toBe(400);
    expect(JSON.parse(refused.text)).toMatchObject({
      detail: 'The form is not a Twilio message: it needs "MessageSid", "From", and "To".',
    });
  });

  test('is refused with a wrong token, as by an unknown connector', async () => {
    const connector = await connectInbound();
    const refused = await tell(connector, message('Hi'), 'another token');
    const id = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
    expect(refused).toEqual(
      await tell({ ...connector, id, url: `${baseUrl}/webhooks/${id}` }, message('Hi')),
    );
    expect(refused.status).toBe(401);
  });

  test('of another channel, to another sender, or about the state of a sent one, starts nothing', async () => {
    const connector = await connectInbound({ sender: '+15551234567' });
    const whatsapp = { From: 'whatsapp:+15557654321', To: 'whatsapp:+15551234567' };
    for (const change of [
      whatsapp,
      { To: '+15550000000' },
      { MessageStatus: 'delivered' },
      { From: '+15551234567' },
    ]) {
      expect(await tell(connector, message('Hi', change))).toEqual(noReply);
    }
    expect(await product.countRuns(connector.id)).toBe(0);
    expect(await product.historyOf(connector.id)).toContain('Reports about sent messages start no runs.');
  });
});

describe('a result', () => {
  test('goes back to who has written, from the number that was written to; or to whom it names', async () => {
    const connector = await connectInbound({ channel: 'whatsapp' });
    await connectOutbound(connector, { channel: 'whatsapp' });
    const numbers = { From: 'whatsapp:+15557654321', To: 'whatsapp:+15551234567' };
    await tell(connector, message('Hi', numbers));
    await deliveryOf(connector, 'Hi', 'delivered');
    const said = JSON.stringify({ text: 'Over there', to: '+15550001111' });
    await tell(connector, message(said, numbers));
    await deliveryOf(connector, said, 'delivered');
    const From = 'whatsapp:+15551234567';
    expect(api.messages).toEqual([
      { To: 'whatsapp:+15557654321', From, Body: '**You said:** Hi' },
      { To: 'whatsapp:+15550001111', From, Body: 'Over there' },
    ]);
  });

  test('of two accounts at once goes back by the account that the message came to, and by no other', async () => {
    const otherSid = `AC${'fedcba9876543210'.repeat(2)}`;
    const otherToken = '98765432109876543210987654321098';
    const other = await startTwilioServer(otherSid, otherToken);
    const ofOther = { account_sid: otherSid, auth_token: otherToken, api_url: other.url };
    const { ours, theirs } = await connectTwo({ connectInbound, connectOutbound }, ofOther);
    const texts = ['first', 'second', 'third'];
    // Somebody who writes to both accounts, from one number to one number.
    await Promise.all(
      texts.flatMap((text) => [
        tell(ours, message(`ours, ${text}`)),
        tell(theirs, message(`theirs, ${text}`, { AccountSid: otherSid }), otherToken),
      ]),
    );
    for (const connector of [ours, theirs]) {
      const each = await product.deliveredOf(connector.id, texts.length, 2);
      expect(each).toEqual(texts.map(() => ['delivered', 'failed']));
    }
    const sent = (server: TwilioServer) => server.messages.map(({ Body }) => Body).sort();
    expect(sent(api)).toEqual(texts.map((text) => `**You said:** ours, ${text}`).sort());
    expect(sent(other)).toEqual(texts.map((text) => `**You said:** theirs, ${text}`).sort());
    await other.stop();
  });

  test('that is long comes in messages of 1,600 characters, or as a template', async () => {
    const connector = await connectInbound();
    const outbound = await connectOutbound(connector);
    const long = Array.from({ length: 200 }, (_, index) => `word${index} and`).join(' ');
    await tell(connector, message(long));
    await deliveryOf(connector, long, 'delivered');
    expect(api.messages.length).toBe(2);
    expect(Math.max(...api.messages.map(({ Body = '' }) => Body.length))).toBeLessThanOrEqual(1_600);

    const ContentSid = `HX${'0123456789abcdef'.repeat(2)}`;
    const config = { content_sid: ContentSid, content_variables: { 1: '{{text}}' } };
    await product.call('PATCH', `/connectors/${outbound.id}`, { config });
    await tell(connector, message('Hi'));
    await deliveryOf(connector, 'Hi', 'delivered');
    expect(api.messages.at(-1)).toEqual({
      To: '+15557654321',
      From: '+15551234567',
      ContentSid,
      ContentVariables: JSON.stringify({ 1: '**You said:** Hi' }),
    });
  });

  test('that broke off continues with its next message, and begins again where the sender has changed', async () => {
    const connector = await connectInbound();
    const outbound = await connectOutbound(connector);
    const breakOff = async (text: string) => {
      api.messages.length = 0;
      api.refuse = () => (api.messages.length === 1 ? outage : null);
      await tell(connector, message(text));
      const waiting = await deliveryOf(connector, text, 'pending');
      api.refuse = () => null;
      return waiting.delivery_id;
    };
    const sendNow = async (text: string, deliveryId: string) => {
      await product.call('POST', `/deliveries/${deliveryId}/redeliver`);
      await deliveryOf(connector, text, 'delivered');
    };
    const long = (what: string) => Array.from({ length: 500 }, (_, index) => `${what}${index}`).join(' ');
    const sent = () => api.messages.map(({ Body = '' }) => Body).join(' ');

    await sendNow(long('word'), await breakOff(long('word')));
    expect(api.messages.length).toBeGreaterThan(2);
    expect(sent()).toBe(`**You said:** ${long('word')}`);

    const deliveryId = await breakOff(long('term'));
    await product.call('PATCH', `/connectors/${outbound.id}`, { config: { sender: '+15559990000' } });
    await sendNow(long('term'), deliveryId);
    expect(api.messages.slice(1).every(({ From }) => From === '+15559990000')).toBe(true);
    expect(api.messages[1]?.['Body']).toMatch(/^\*\*You said:\*\* term0 /);
  });

  test("fails with Twilio's code and message, and waits as long as Twilio asks", async () => {
    const connector = await connectInbound();
    await connectOutbound(connector);
    api.refuse = () => ({ status: 400, code: 21211, message: "Invalid 'To' Phone Number" });
    await tell(connector, message('Hi'));
    const failed = await deliveryOf(connector, 'Hi', 'failed');
    const error = "Twilio responded with the error 21211: Invalid 'To' Phone Number.";
    expect(failed.attempts).toMatchObject([{ status_code: 400, error }]);

    api.refuse = () => ({
      status: 429,
      code: 20429,
      message: 'Too Many Requests',
      headers: { 'retry-after': '40' },
    });
    await tell(connector, message('Ho'));
    const waiting = await deliveryOf(connector, 'Ho', 'pending');
    const waitMs = Date.parse(waiting.next_attempt_at ?? '') - Date.parse(waiting.attempts[0]?.at ?? '');
    expect(waitMs).toBeGreaterThanOrEqual(40_000);
  });

  test('of a run that was started elsewhere fails with what is missing', async () => {
    const inbound = await product.connect('inbound', ['reply']);
    await connectOutbound({ ...inbound });
    await fetch(`${product.baseUrl}/webhooks/${inbound.id}`, {
      method: 'POST',
      headers: { 'x-connic-secret': inbound.secret, 'content-type': 'application/json' },
      body: '{"text":"Hi"}',
    });
    const failed = await deliveryOf(inbound, 'Hi', 'failed');
    expect(failed.attempts[0]?.error).toMatch(/names no recipient/);
  });
});

test('a test before creation names the account, or what is wrong with the credentials', async () => {
  expect(
    await product.testDraft({ type: 'twilio_messaging', mode: 'outbound', config: account() }),
  ).toMatchObject({
    ok: true,
    detail: 'Twilio accepts the credentials of the account "Acme".',
  });
  const config = { ...account(), auth_token: 'wrong' };
  expect(await product.testDraft({ type: 'twilio_messaging', mode: 'inbound', config })).toMatchObject({
    ok: false,
    error:
      'Twilio responded with the error 20003: Authenticate. Check the account SID, the auth token, and the region.',
  });
});
