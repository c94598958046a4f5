import { describe, expect, test } from '@jest/globals';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import fc from 'fast-check';
import {
  chunkFrame,
  errorFrame,
  heartbeatFrame,
  resultFrame,
  runFrame,
  wantsEventStream,
} from './stream-events.ts';

function parsed(text: string): EventSourceMessage[] {
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(text);
  return events;
}

describe('the events of a streaming answer', () => {
  test('are read by a parser of server-sent events', () => {
    const text = [
      runFrame('a'),
      heartbeatFrame,
      chunkFrame('a', 'Hel'),
      resultFrame('{"status":"ok"}'),
      errorFrame('{"detail":"No.","code":"unavailable"}'),
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
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [event] = parsed(chunkFrame('a', text));
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
  expect(wantsEventStream(accept)).toBe(expected);
});
