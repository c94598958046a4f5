import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { adminToken, runProduct } from '../../test/running-product.ts';
import { eventsOf, type StreamEvent } from '../../test/scenarios/event-stream.ts';
import { eventually } from '../../test/scenarios/eventually.ts';
import type { ChangeEvent, RunSignals } from '../core/ports/run-signals.ts';
import { changeEvents } from './change-events.ts';
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

describe('the stream of changes', () => {
  let listeners: Set<(event: ChangeEvent) => void>;
  let signals: Pick<RunSignals, 'onChange'>;
  let stopping: AbortController;
  const event: ChangeEvent = { type: 'connector.deleted', connectorId: 'c-1' };

  beforeEach(() => {
    jest.useFakeTimers();
    listeners = new Set();
    signals = {
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    stopping = new AbortController();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  const tell = () => {
    for (const listener of listeners) listener(event);
  };

  test('keeps a connection awake on which nothing happens', async () => {
    const reader = changeEvents(signals, stopping.signal).pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe('retry: 2000\n\n');
    jest.advanceTimersByTime(15_000);
    expect((await reader.read()).value).toBe(': still here\n\n');
    await reader.cancel();
  });

  test('is left by a reader without a trace', async () => {
    const stream = changeEvents(signals, stopping.signal);
    expect(listeners.size).toBe(1);
    await stream.cancel();
    expect(listeners.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('ends when the process stops', async () => {
    const reader = changeEvents(signals, stopping.signal).getReader();
    stopping.abort();
    await reader.read();
    expect((await reader.read()).done).toBe(true);
    expect(listeners.size).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  test('lets go of a reader that is too slow, instead of keeping everything for it', async () => {
    const reader = changeEvents(signals, stopping.signal).getReader();
    for (let count = 0; count < 2_000; count++) tell();
    expect(listeners.size).toBe(0);
    let frames = 0;
    while (!(await reader.read()).done) frames += 1;
    expect(frames).toBe(1_000);
  });
});
