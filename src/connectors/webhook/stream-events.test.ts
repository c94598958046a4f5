import { describe, expect, test } from '@jest/globals';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import { streamOf } from './index.ts';
import { sampleRequest } from './samples.ts';

const stream = streamOf(sampleRequest({ headers: { accept: 'text/event-stream' } }));
if (stream === null) throw new Error('a sender that asks for events gets them');
const { started, text: chunk, ended, heartbeat } = stream;
const answer = (status: number, body: string) => ended({ status, headers: {}, body });

/** Same as unit "binary" of `fc.string`, without first listing all of Unicode. */
const anyCodePoint = fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code));

function parsed(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(text);
  return events;
}

describe('the events of a streaming answer', () => {
  test('are read by a parser of server-sent events', () => {
    const text = [
      started('a'),
      heartbeat(),
      chunk('a', 'Hel'),
      answer(200, '{"status":"ok"}'),
      answer(503, '{"detail":"No.","code":"unavailable"}'),
    ].join('');
    expect(parsed(text).map(({ event, data }) => [event, JSON.parse(data)])).toEqual([
      ['run', { run_id: 'a' }],
      ['chunk', { run_id: 'a', text: 'Hel' }],
      ['result', { status: 'ok' }],
      ['error', { detail: 'No.', code: 'unavailable' }],
    ]);
  });

  test('carry any text, line breaks and all', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCodePoint }), (text) => {
        const [event] = parsed(chunk('a', text));
        expect(JSON.parse(event?.data ?? '')).toEqual({ run_id: 'a', text });
      }),
    );
  });
});

test.each([
  ['text/event-stream', true],
  ['application/json, Text/Event-Stream;q=0.9', true],
  ['*/*', false],
  [undefined, false],
])('Accept: %s asks for events: %s', (accept, expected) => {
  const headers = accept === undefined ? {} : { accept };
  expect(streamOf(sampleRequest({ headers })) !== null).toBe(expected);
});
