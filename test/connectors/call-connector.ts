import { generateKeyPairSync, sign } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { typeLoaders } from '../../src/connectors/registry.ts';
import type { SampleContent } from '../../src/core/connectors/connector-type.ts';
import { adminToken } from '../running-product.ts';
import { type Operator, operatorOf } from '../scenarios/operator.ts';
import { type ChatConnector, type ChatProduct, startChatProduct } from './chat-product.ts';
import { startTelegramServer, type TelegramServer } from './telegram-server.ts';

/** A type whose senders call the connector's URL. */
export interface CalledType {
  readonly type: string;
  readonly config: Readonly<Record<string, string>>;
}

const botToken = '123456:telegram-bot-token-of-a-test';
const discord = generateKeyPairSync('ed25519');
const discordKey = discord.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex');

/** A product of the tests of a file, with the Telegram that its connectors call. */
export function useCalledTypes() {
  const running: { product?: ChatProduct; operator?: Operator; telegram?: TelegramServer } = {};
  beforeAll(async () => {
    running.telegram = await startTelegramServer(botToken);
    running.product = await startChatProduct();
    running.operator = operatorOf({ baseUrl: running.product.baseUrl, token: adminToken });
  });
  afterAll(async () => {
    await running.product?.stop();
    await running.telegram?.stop();
  });
  const started = <Part>(part: Part | undefined): Part => {
    if (part === undefined) throw new Error('It runs during the tests only.');
    return part;
  };
  return {
    get product() {
      return started(running.product);
    },
    get operator() {
      return started(running.operator);
    },
    get telegram() {
      return started(running.telegram);
    },
  };
}

/** @param telegramUrl where Telegram's API answers, which sets the webhook of a bot */
export function calledTypes(
  telegramUrl: () => string,
): readonly { readonly type: string; config(): CalledType['config'] }[] {
  return [
    {
      type: 'slack',
      config: () => ({
        signing_secret: '8f742231b10e8888abcd99yyyzzz85a5',
        bot_token: 'xoxb-111-222-secretpart',
      }),
    },
    { type: 'telegram', config: () => ({ bot_token: botToken, api_url: telegramUrl() }) },
    { type: 'stripe', config: () => ({ signing_secret: 'whsec_of_a_test_of_events' }) },
    {
      type: 'twilio_messaging',
      config: () => ({ account_sid: `AC${'0123456789abcdef'.repeat(2)}`, auth_token: 'f'.repeat(32) }),
    },
    { type: 'discord', config: () => ({ public_key: discordKey }) },
    { type: 'eventbridge', config: () => ({}) },
    { type: 's3', config: () => ({ bucket: 'uploads' }) },
  ];
}

interface CalledEvent {
  /** From 0: events of one number are the same. */
  readonly number: number;
  /** Unix ms. */
  readonly now: number;
  readonly content: SampleContent;
}

/** Calls a connector as its sender does, with the credentials of `config`. */
export async function callConnector(
  { type, config }: CalledType,
  { url, secret }: Pick<ChatConnector, 'url' | 'secret'>,
  { number, now, content }: CalledEvent,
): Promise<{ readonly status: number; readonly text: string }> {
  const called = await typeLoaders[type]?.();
  const sampled = called?.modes.inbound?.sampleRequest?.({
    connector: { name: type, mode: 'inbound', config, secretFields: [], agents: ['keep'] },
    url: url ?? '',
    secrets: { current: secret, config },
    content,
    id: `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`,
    now,
  });
  if (sampled?.outcome !== 'made') throw new Error(`No request: ${JSON.stringify(sampled)}`);
  const { method, body } = sampled.request;
  const headers =
    type === 'discord' ? signedAsDiscord(body ?? '', config['public_key']) : sampled.request.headers;
  // Slack waits for 3 s, the shortest of all.
  const signal = AbortSignal.timeout(3_000);
  const sent = typeof body === 'string' || body === null ? body : new Uint8Array(body);
  const response = await fetch(sampled.request.url, { method, headers, body: sent, signal });
  return { status: response.status, text: await response.text() };
}

/** A test request has the connector's secret; Discord itself has its private key. Another one does not fit the public key. */
function signedAsDiscord(body: string | Uint8Array, publicKey: string | undefined): Record<string, string> {
  const { privateKey } = publicKey === discordKey ? discord : generateKeyPairSync('ed25519');
  const timestamp = String(Math.floor(Date.now() / 1_000));
  return {
    'content-type': 'application/json',
    'x-signature-timestamp': timestamp,
    'x-signature-ed25519': sign(
      null,
      Buffer.concat([Buffer.from(timestamp), Buffer.from(body)]),
      privateKey,
    ).toString('hex'),
  };
}
