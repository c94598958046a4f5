import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { bodyOfBytes, type HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { publicKeyPresets } from '../../signatures/public-key.ts';
import type { EventSample, TypeSamples } from '../type-samples.ts';
import type { DiscordMessage } from './prepare.ts';
import { sampleCommand } from './sample-request.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const config = {
  public_key: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'),
};

/** The headers of Discord's signature. */
function signed(body: string, now: number): Record<string, string> {
  const { header, timestampHeader } = publicKeyPresets.discord.scheme;
  const timestamp = String(Math.floor(now / 1_000));
  const signature = sign(null, Buffer.from(timestamp + body), privateKey).toString('hex');
  return { [header]: signature, [timestampHeader]: timestamp };
}

const secret = 'a-secret-of-43-characters-0123456789abcdefg';
const secrets = { current: secret, previous: null, config: {} };

function request(headers: Readonly<Record<string, string>>, body: string): HttpRequest {
  return { method: 'POST', headers, query: '', body: bodyOfBytes(Buffer.from(body)) };
}

/** When the conformance suite takes place, in Unix ms. */
const sampleTime = Date.UTC(2026, 10, 22, 9);

const asked = sampleCommand('ask', 'Hello', '1', sampleTime);

const payload = {
  text: 'Hello',
  command: 'ask',
  options: { text: 'Hello' },
  user_id: asked.member.user.id,
  user_name: 'ada',
  channel_id: asked.channel_id,
  guild_id: asked.guild_id,
  interaction_id: asked.id,
  _discord: asked,
};

/** Signed by Discord, which needs no secret of the connector. */
function signedSample(title: string, sent: JsonObject, payload: JsonObject): EventSample<HttpRequest> {
  const body = JSON.stringify({ ...sent, token: 'a-token-of-the-interaction' });
  const event = (now: number) => request(signed(body, now), body);
  return { title, mode: 'inbound', config, secrets, event, payload, authenticated: false };
}

/** The same command with other data. */
function withData(data: JsonObject): JsonObject {
  return { ...asked, data: { id: asked.data.id, ...data } };
}

const late = { name: 'late', type: 1, options: [{ name: 'days', type: 4, value: 3 }] };
const orders = withData({ name: 'orders', type: 1, options: [late] });
const target = '5555555555555555555';
const menu = withData({
  name: 'Summarize',
  type: 3,
  target_id: target,
  resolved: { messages: { [target]: { id: target, content: 'A long message' } } },
});

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<never, DiscordMessage> = {
  requests: [
    signedSample('a command', asked, payload),
    signedSample('a subcommand', orders, {
      ...payload,
      text: '',
      command: 'orders late',
      options: { days: 3 },
      _discord: orders,
    }),
    signedSample('a command in the menu of a message', menu, {
      ...payload,
      text: 'A long message',
      command: 'Summarize',
      options: {},
      _discord: menu,
    }),
    {
      title: 'a command with the secret of the connector',
      mode: 'inbound',
      config,
      secrets,
      event: () => request({ 'x-connic-secret': secret }, JSON.stringify(asked)),
      payload,
      authenticated: true,
    },
  ],
  anyRequest: fc
    .record({
      method: fc.constantFrom('POST', 'GET', 'PUT'),
      isSigned: fc.boolean(),
      body: fc.oneof(
        fc.json(),
        fc.string(),
        fc
          .record({ type: fc.integer({ min: 0, max: 6 }), data: fc.jsonValue() })
          .map((sent) => JSON.stringify({ ...asked, ...sent })),
      ),
    })
    .map(({ method, isSigned, body }) => {
      const headers = isSigned ? signed(body, sampleTime) : { 'x-signature-ed25519': body };
      return { ...request(headers, body), method };
    }),
  visible: ({ apiUrl, text }) => JSON.stringify([apiUrl, text]),
};
