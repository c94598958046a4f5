import { describe, expect, test } from '@jest/globals';
import { triggersOf } from '../scenarios/received.ts';
import { callConnector, calledTypes, useCalledTypes } from './call-connector.ts';

const running = useCalledTypes();

const types = calledTypes(() => running.telegram.url);
const hello = { kind: 'payload', json: '"Hello"' } as const;
const event = (number: number) => ({ number, now: Date.now(), content: hello });
/** Another value of the same form. */
const altered = (value: string) => value.slice(0, -1) + (value.endsWith('0') ? '1' : '0');

describe('an event that nobody can read', () => {
  test.each(types)(
    'of $type is refused with the reason, listed, and holds up no other',
    async ({ type, config: configOf }) => {
      const config = configOf();
      const connector = await running.product.create({
        type,
        mode: 'inbound',
        agents: ['keep'],
        config,
      });
      // Signed by its sender, and cut off.
      const isForm = type === 'twilio_messaging';
      const bytes = Buffer.from(isForm ? 'Body=Hello' : '{"type": "event_call');
      const contentType = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
      const content = { kind: 'body', contentType, bytes } as const;
      const refused = await callConnector({ type, config }, connector, { ...event(1), content });
      expect(refused.status).toBe(400);
      expect(JSON.parse(refused.text)).toMatchObject({ detail: expect.stringMatching(/^[A-Z].*\.$/) });
      expect(await triggersOf(running.operator).refused(`?connector=${connector.id}`)).toMatchObject([
        { reason: 'malformed', status: 400 },
      ]);
      await callConnector({ type, config }, connector, event(2));
      expect(await running.product.runsOf(connector.id, 1)).toHaveLength(1);
    },
  );
});

describe('an event with wrong credentials', () => {
  test.each(types)(
    'of $type is refused as by an unknown connector, and starts nothing',
    async ({ type, config: configOf }) => {
      const config = configOf();
      const connector = await running.product.create({
        type,
        mode: 'inbound',
        agents: ['keep'],
        config,
      });
      const wrong = Object.fromEntries(Object.entries(config).map(([name, value]) => [name, altered(value)]));
      const secret = connector.secret && `${connector.secret}x`;
      const url = connector.url?.replace(connector.id, crypto.randomUUID()) ?? '';
      const refused = await callConnector({ type, config: wrong }, { ...connector, secret }, event(1));
      expect(refused).toEqual(await callConnector({ type, config: wrong }, { url, secret }, event(1)));
      expect(refused.status).toBe(401);
      expect(await running.product.countRuns(connector.id)).toBe(0);
    },
  );
});
