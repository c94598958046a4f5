import fc from 'fast-check';
import { noSecrets } from '../../core/ports/secret-store.ts';
import type { TypeSamples } from '../type-samples.ts';
import type { DatabaseEvent } from './database-event.ts';

const connection = { host: 'db.example.com', database: 'shop', user: 'agents' };
const at = Date.UTC(2026, 10, 22, 8, 59, 30);
const timestamp = '2026-11-22T08:59:30.000Z';

const row = {
  kind: 'row',
  table: 'orders',
  value: '42',
  shown: '42',
  key: '[42]',
  data: '{"id":42,"total":99.5,"_postgres":"mine"}',
  bytes: 41,
  since: at - 1_000,
  readAt: at,
} as const;

function notified(title: string, text: string, payload: Record<string, never> | object) {
  const id = '019a9f5c-7e80-7abc-8def-0123456789ab';
  return {
    title,
    mode: 'inbound',
    config: { ...connection, channel: 'orders' },
    secrets: noSecrets,
    event: (): DatabaseEvent => ({
      kind: 'notification',
      channel: 'orders',
      pid: 7,
      text,
      receivedAt: at,
      id,
    }),
    payload: { ...payload, _postgres: { channel: 'orders', pid: 7, timestamp } },
    authenticated: false,
  } as const;
}

const anyText = fc.oneof(fc.json(), fc.string());

/** The conformance suite loads these by folder name. @public */
export const samples: TypeSamples<DatabaseEvent> = {
  events: [
    {
      title: 'a row',
      mode: 'inbound',
      config: { ...connection, table: 'orders', cursor_column: 'id' },
      secrets: noSecrets,
      event: () => row,
      payload: { id: 42, total: 99.5, _postgres: { table: 'orders', cursor: 42, timestamp } },
      authenticated: false,
    },
    notified('a notification with an object', '{"id":1}', { id: 1 }),
    notified('a notification with a list', '[1,2]', { data: [1, 2] }),
    notified('a notification with text', 'shipped', { message: 'shipped' }),
    notified('a notification without a payload', '', { message: '' }),
  ],
  anyEvent: fc.oneof(
    fc
      .record({ data: anyText, shown: anyText, key: fc.string() })
      .map((parts): DatabaseEvent => ({ ...row, ...parts })),
    anyText.map(
      (text): DatabaseEvent => ({
        kind: 'notification',
        channel: 'c',
        pid: 1,
        text,
        receivedAt: at,
        id: 'x',
      }),
    ),
  ),
};
