import { once } from 'node:events';
import { mock } from 'node:test';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createParser } from 'eventsource-parser';
import { openSocket } from '../../test/bare-socket.ts';
import { adminToken, runProduct } from '../../test/running-product.ts';
import { eventsOf, type StreamEvent } from '../../test/scenarios/event-stream.ts';
import { eventually } from '../../test/scenarios/eventually.ts';
import type { ChangeEvent, ChangeFeed } from '../core/ports/run-signals.ts';
import { changeEvents, latestEvents } from './change-events.ts';
import { wireChangeEvent } from './contract/change-event.ts';

describe('GET /events', () => {
  test('tells of runs and connectors as they change', async () => {
    const product = await runProduct();
    const leaving = new AbortController();
    const response = await fetch(`${product.baseUrl}/api/v1/events`, {
      headers: { authorization: `Bearer ${adminToken}`, 'last-event-id': '17' },
      signal: leaving.signal,
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events: StreamEvent[] = [];
    const reading = (async () => {
      for await (const event of eventsOf(response)) events.push(event);
    })().catch(() => undefined);

    const connector = await product.connect('inbound', ['echo']);
    await product.call('POST', '/agents/echo/runs', { payload: { message: 'hello' } });
    await eventually('the end of the run', async () => JSON.stringify(events).includes('completed'));
    leaving.abort();
    await reading;

    for (const { event, data } of events) expect(wireChangeEvent.parse(data).type).toBe(event);
    const told = events.map(({ data }) => wireChangeEvent.parse(data));
    expect(told[0]).toMatchObject({ type: 'connector.updated', id: connector.id });
    const statuses = told
      .filter(({ type }) => type === 'run.updated')
      .map(({ summary }) => summary['status']);
    expect(statuses).toEqual(['queued', 'running', 'completed']);
    await product.stop();
  });
});

test('a client that reads nothing is disconnected, and keeps no memory of the product', async () => {
  const listeners = new Set<(event: ChangeEvent) => void>();
  const changes: ChangeFeed = {
    kind: 'pushed',
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const product = await runProduct({
    alter: (engine) => ({ ...engine, signals: { ...engine.signals, changes } }),
  });
  const { socket } = await openSocket(product.baseUrl);
  const authorization = `Authorization: Bearer ${adminToken}`;
  socket.write(`GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n${authorization}\r\n\r\n`);
  await eventually('the stream to begin', async () => listeners.size > 0);
  socket.pause();
  await eventually('the stream to be given up', async () => {
    // More than the operating system buffers.
    const event: ChangeEvent = { type: 'connector.deleted', connectorId: 'c'.repeat(1024 * 1024) };
    for (const listener of listeners) listener(event);
    return listeners.size === 0;
  });
  socket.resume();
  await once(socket, 'close');
  await product.stop();
});

describe('the stream of changes', () => {
  let listeners: Set<(event: ChangeEvent) => void>;
  let changes: Extract<ChangeFeed, { kind: 'pushed' }>;
  let stopping: AbortController;
  const event: ChangeEvent = { type: 'connector.deleted', connectorId: 'c-1' };

  beforeEach(() => {
    mock.timers.enable({ apis: ['setInterval'] });
    listeners = new Set();
    changes = {
      kind: 'pushed',
      watch(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    stopping = new AbortController();
  });

  afterEach(() => {
    mock.timers.reset();
  });

  const tell = () => {
    for (const listener of listeners) listener(event);
  };

  test('keeps a connection awake on which nothing happens', async () => {
    const reader = changeEvents(changes, stopping.signal).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('retry: 2000\n\n');
    mock.timers.tick(15_000);
    expect((await reader.read()).value).toBe(': still here\n\n');
    await reader.cancel();
  });

  test('is left by a reader without a trace', async () => {
    const stream = changeEvents(changes, stopping.signal);
    expect(listeners.size).toBe(1);
    await stream.cancel();
    expect(listeners.size).toBe(0);
    expect(() => mock.timers.tick(15_000)).not.toThrow();
  });

  test('ends when the process stops', async () => {
    const reader = changeEvents(changes, stopping.signal).getReader();
    stopping.abort();
    await reader.read();
    expect((await reader.read()).done).toBe(true);
    expect(listeners.size).toBe(0);
    expect(() => mock.timers.tick(15_000)).not.toThrow();
  });

  test('lets go of a reader for whom a megabyte waits, instead of keeping everything for it', async () => {
    const letGo = mock.fn();
    const reader = changeEvents(changes, stopping.signal, letGo).getReader();
    for (let count = 0; count < 5_000; count++) tell();
    expect([listeners.size, letGo.mock.callCount()]).toEqual([1, 0]);
    for (let count = 0; count < 50_000; count++) tell();
    expect([listeners.size, letGo.mock.callCount()]).toEqual([0, 1]);
    let bytes = 0;
    for (let read = await reader.read(); !read.done; read = await reader.read()) bytes += read.value.length;
    expect(Math.round(bytes / 1024)).toBe(1024);
  });
});

describe('events of an engine that is asked', () => {
  const asked = (events: ChangeEvent[]): Extract<ChangeFeed, { kind: 'asked' }> => ({
    kind: 'asked',
    pauseMs: 5_000,
    since: async (place) => ({ events, place: place === null ? 'first' : `after ${place}` }),
  });
  /** What a standard-compliant reader knows when the stream has ended. */
  async function read(text: string) {
    const events: unknown[] = [];
    const known = { id: '', retryMs: 0 };
    const parser = createParser({
      onEvent: ({ event }) => events.push(event),
      onId: (id) => Object.assign(known, { id }),
      onRetry: (retryMs) => Object.assign(known, { retryMs }),
    });
    parser.feed(text);
    return { events, ...known };
  }

  test('end at once, and say where and when to go on', async () => {
    const changed: ChangeEvent[] = [event('c-1'), event('c-2')];
    expect(await read(await latestEvents(asked(changed), 'here'))).toEqual({
      events: ['connector.updated', 'connector.updated'],
      id: 'after here',
      retryMs: 5_000,
    });
  });

  test('say so, too, where nothing has changed', async () => {
    expect(await read(await latestEvents(asked([]), undefined))).toEqual({
      events: [],
      id: 'first',
      retryMs: 5_000,
    });
  });

  test('go on from the place that the request names', async () => {
    const product = await runProduct({
      alter: (engine) => ({ ...engine, signals: { ...engine.signals, changes: asked([event('c-1')]) } }),
    });
    const response = await fetch(`${product.baseUrl}/api/v1/events`, {
      headers: { authorization: `Bearer ${adminToken}`, 'last-event-id': 'v1.seen' },
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(await read(await response.text())).toMatchObject({ id: 'after v1.seen' });
    await product.stop();
  });
});

function event(connectorId: string): ChangeEvent {
  return { type: 'connector.deleted', connectorId };
}
