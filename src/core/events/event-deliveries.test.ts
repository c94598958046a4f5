import { expect, test } from '@jest/globals';
import { sampleConnector, sampleNow } from '../../../test/connectors/sample-records.ts';
import { eventDeliveries, resultOfEvent } from './event-deliveries.ts';

const receiver = sampleConnector('webhook', 'outbound', {});
const draft = {
  type: 'run.failed',
  summary: 'A run of the agent "clerk" failed: out of stock.',
  about: { agent_name: 'clerk', run_id: 'r1' },
  at: sampleNow,
} as const;

test('an event that repeats within a minute is the same delivery, and another one a minute later', () => {
  const ids = [0, 59_999, 60_000].map((later) => {
    const [delivery] = eventDeliveries({ ...draft, at: sampleNow + later }, [receiver], sampleNow);
    return delivery?.deliveryId;
  });
  expect(ids[1]).toBe(ids[0]);
  expect(ids[2]).not.toBe(ids[0]);
});

test('events about different agents, or of different types, are different deliveries', () => {
  const drafts = [
    draft,
    { ...draft, about: { agent_name: 'poet' } },
    { ...draft, type: 'dead-letter.created' as const },
  ];
  const ids = drafts
    .flatMap((one) => eventDeliveries(one, [receiver], sampleNow))
    .map((one) => one.deliveryId);
  expect(new Set(ids).size).toBe(3);
});

test('a connector gets no event about itself, and none while it is disabled', () => {
  const about = { connector_id: receiver.id };
  expect(eventDeliveries({ ...draft, about }, [receiver], sampleNow)).toEqual([]);
  expect(eventDeliveries(draft, [{ ...receiver, enabled: false }], sampleNow)).toEqual([]);
});

test('an event is sent as a result whose text is its summary', () => {
  const [delivery] = eventDeliveries(draft, [receiver], sampleNow);
  const event = delivery?.event;
  expect(event).toMatchObject({ type: 'run.failed', agent_name: 'clerk', run_id: 'r1', connector_id: null });
  expect(event && resultOfEvent(event)).toMatchObject({ status: 'completed', output: draft.summary, event });
});
