import { describe, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import { sampleConnector, sampleNow, sampleReceiveContext } from '../../../test/connectors/sample-records.ts';
import { bodyOfBytes } from '../../core/connectors/http-request.ts';
import { inboundConfig } from './inbound-config.ts';
import { receive } from './receive.ts';

const secret = 'whsec_0123456789abcdef';
const event = {
  id: 'evt_1',
  object: 'event',
  type: 'invoice.paid',
  created: sampleNow / 1_000,
  data: { object: {} },
};

interface Sending {
  readonly payload?: string;
  readonly eventTypes?: readonly string[];
  readonly signedWith?: string;
  readonly signedAt?: number;
}

/** Signed by Stripe's own SDK. */
async function received({
  payload = JSON.stringify(event),
  eventTypes = [],
  signedWith = secret,
  signedAt = sampleNow,
}: Sending = {}) {
  const timestamp = Math.floor(signedAt / 1_000);
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: signedWith, timestamp });
  const request = {
    method: 'POST',
    query: '',
    headers: { 'stripe-signature': signature },
    body: bodyOfBytes(Buffer.from(payload)),
  };
  const secrets = { current: null, previous: null, config: { signing_secret: secret } };
  const { signing_secret: _secret, ...config } = inboundConfig.parse({
    signing_secret: secret,
    event_types: eventTypes,
  });
  return receive(
    request,
    sampleReceiveContext(sampleConnector('stripe', 'inbound', config, secrets), secrets),
  );
}

describe('an event that the SDK of Stripe has signed', () => {
  test('is the payload, with the digits of its numbers, and has its id as its identity', async () => {
    const payload = `{"id":"evt_2","object":"event","type":"x","created":${event.created},"n":12345678901234567890}`;
    const taken = await received({ payload });
    expect(taken).toMatchObject({ outcome: 'accepted', natural: { key: 'evt_2', timeMs: sampleNow } });
    expect(JSON.stringify(taken)).toContain('12345678901234567890');
  });

  test.each([
    ['another secret', { signedWith: 'whsec_other' }],
    ['a time 10 minutes ago', { signedAt: sampleNow - 600_000 }],
  ])('is refused with %s', async (_title, sending) => {
    expect(await received(sending)).toMatchObject({ outcome: 'refused', reason: 'unauthorized' });
  });

  test('starts runs if its type is among the event types, and is acknowledged otherwise', async () => {
    for (const eventTypes of [['invoice.paid'], ['charge.failed', 'invoice.*'], ['*']]) {
      expect(await received({ eventTypes })).toMatchObject({ outcome: 'accepted' });
    }
    expect(await received({ eventTypes: ['invoice'] })).toMatchObject({
      outcome: 'answered',
      answer: null,
      reason: 'Events of the type "invoice.paid" are not among the connector\'s event types.',
    });
  });

  test('that is no event is refused', async () => {
    expect(await received({ payload: '{"id":1}' })).toMatchObject({
      outcome: 'refused',
      reason: 'malformed',
      detail: 'The body is not a Stripe event: it needs "id", "type", and "created".',
    });
  });
});
