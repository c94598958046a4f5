import { expect, test } from '@jest/globals';
import { createParser } from 'eventsource-parser';
import { progressStream } from './progress.ts';

test('a call that says nothing for long is followed by notifications whose progress rises', () => {
  const stream = progressStream('token', 7);
  const pieces = [
    stream.started('01939d1c-7a00-7000-8000-000000000001'),
    stream.heartbeat(),
    stream.heartbeat(),
    stream.text('01939d1c-7a00-7000-8000-000000000001', 'x'.repeat(500)),
    stream.heartbeat(),
  ];
  const notifications: unknown[] = [];
  createParser({ onEvent: ({ data }) => notifications.push(JSON.parse(data)) }).feed(pieces.join(''));
  const messages = [
    'Started run 01939d1c-7a00-7000-8000-000000000001.',
    'The agent is still running.',
    'The agent is still running.',
    'The agent has written 500 characters.',
    'The agent is still running.',
  ];
  expect(notifications).toEqual(
    messages.map((message, index) => ({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'token', progress: index + 1, message },
    })),
  );
});
