import { describe, expect, test } from '@jest/globals';
import { CloudEvent, HTTP } from 'cloudevents';
import {
  sampleConnector,
  samplePrepareContext,
  sampleReceiveContext,
  sampleRun,
} from '../../../test/connectors/sample-records.ts';
import type { Mode } from '../../core/connectors/connector.ts';
import { runEnvelope } from '../../core/runs/run.ts';
import { receive } from './index.ts';
import { outboundMode, prepare } from './outbound-mode.ts';
import { sampleRequest } from './samples.ts';

const open = { auth: { type: 'none' } };

function received(headers: Record<string, unknown>, body: unknown, mode: Mode = 'inbound') {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const request = sampleRequest({ headers: Object.fromEntries(lowerCase), body: text });
  const connector = sampleConnector('webhook', mode, open);
  return receive(request, sampleReceiveContext(connector));
}

const attributes = {
  specversion: '1.0',
  id: 'A234-1234',
  source: 'https://shop.example.com/orders',
  type: 'com.example.order.paid',
  subject: 'order A-1',
  time: '2026-11-22T09:00:00.000Z',
};
const natural = { key: 'https://shop.example.com/orders\nA234-1234', timeMs: Date.parse(attributes.time) };
const event = new CloudEvent({ ...attributes, data: { order: 'A-1', total: 12 } });

describe('a CloudEvent that the official SDK sends', () => {
  test.each([
    ['structured', HTTP.structured(event)],
    ['binary', HTTP.binary(event)],
  ])('%s: its data is the payload, its attributes are beside it', async (_mode, { headers, body }) => {
    const accepted = await received(headers, body);
    expect(accepted).toMatchObject({
      outcome: 'accepted',
      payload: { value: { order: 'A-1', total: 12, _cloudevent: attributes } },
      natural,
      repeat: null,
    });
    expect(accepted).not.toHaveProperty('others');
  });

  test('with data that is not an object has it under "message"', async () => {
    const { headers, body } = HTTP.structured(new CloudEvent({ ...attributes, data: 'paid' }));
    expect(await received(headers, body)).toMatchObject({
      payload: { value: { message: 'paid', _cloudevent: { id: 'A234-1234' } } },
    });
  });
});

describe('CloudEvents', () => {
  const structured = { 'content-type': 'application/cloudevents+json; charset=utf-8' };
  const batch = { 'content-type': 'application/cloudevents-batch+json' };

  test('keep the digits of their numbers', async () => {
    const body = `{"specversion":"1.0","id":"1","source":"s","type":"t","data":{"id":9223372036854775807}}`;
    expect(await received(structured, body)).toMatchObject({
      payload: {
        text: '{"id":9223372036854775807,"_cloudevent":{"specversion":"1.0","id":"1","source":"s","type":"t"}}',
      },
    });
  });

  test('with bytes keep them in Base64', async () => {
    const body = { specversion: '1.0', id: '1', source: 's', type: 't', data_base64: 'AAEC' };
    expect(await received(structured, body)).toMatchObject({ payload: { value: { data_base64: 'AAEC' } } });
  });

  test('with percent-encoded headers are decoded', async () => {
    const headers = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': 's', 'ce-type': 't' };
    const read = await received(
      { ...headers, 'ce-subject': 'Euro%20%E2%82%AC', 'content-type': 'text/plain' },
      'x',
    );
    expect(read).toMatchObject({
      payload: { value: { message: 'x', _cloudevent: { subject: 'Euro €' } } },
    });
  });

  test('of a batch are triggers of their own', async () => {
    const events = ['1', '2', '3'].map((id) => ({ ...attributes, id, data: { id } }));
    const accepted = await received(batch, events);
    expect(accepted).toMatchObject({
      outcome: 'accepted',
      payload: { value: { id: '1' } },
      others: [{ payload: { value: { id: '2' } } }, { payload: { value: { id: '3' } } }],
    });
  });

  test('of an empty batch start nothing', async () => {
    expect(await received(batch, [])).toEqual({
      outcome: 'answered',
      answer: {
        status: 200,
        headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
        body: '{"status":"ok","dispatched_to":0,"run_ids":[]}',
      },
      reason: 'A batch had no events.',
    });
  });

  test.each([
    ['no source', structured, { specversion: '1.0', id: '1', type: 't' }, 'The CloudEvent has no "source".'],
    [
      'another version',
      structured,
      { ...attributes, specversion: '0.3' },
      'Only CloudEvents of version 1.0 are supported.',
    ],
    ['no object', structured, [1], 'A CloudEvent must be a JSON object.'],
    ['no list', batch, attributes, 'A batch of CloudEvents must be a JSON list.'],
  ])('with %s are refused', async (_what, headers, body, detail) => {
    expect(await received(headers, body)).toEqual({ outcome: 'refused', reason: 'malformed', detail });
  });

  test('of a batch are limited', async () => {
    const events = Array.from({ length: 1_001 }, (_, id) => ({ ...attributes, id: String(id) }));
    expect(await received(batch, events)).toMatchObject({
      reason: 'too-large',
      detail: 'A batch can have at most 1000 events.',
    });
  });

  test('of a batch are refused where a caller waits for one result', async () => {
    const events = ['1', '2'].map((id) => ({ ...attributes, id }));
    expect(await received(batch, events, 'sync')).toMatchObject({
      outcome: 'refused',
      detail: 'A batch of events has no single result. Send events one by one, or use an inbound connector.',
    });
  });
});

describe('a result as a CloudEvent', () => {
  const secrets = { current: `whsec_${Buffer.alloc(32, 7).toString('base64')}`, previous: null, config: {} };

  test.each(['cloudevents-structured', 'cloudevents-binary'])(
    'in the format %s is read by the SDK',
    (format) => {
      const config = outboundMode.config.parse({ url: 'https://example.com/hook', format });
      const connector = sampleConnector('webhook', 'outbound', config, secrets);
      const { headers, body } = prepare(sampleRun, samplePrepareContext(connector, secrets));
      const read = HTTP.toEvent({ headers, body });
      expect(read).toMatchObject({
        id: '019a9f5c-7e80-7abc-8def-0123456789ab',
        type: `agent-connectors.run.${sampleRun.status}`,
        source: `/agents/${sampleRun.agentName}`,
        subject: sampleRun.runId,
        data: runEnvelope(sampleRun),
      });
    },
  );
});

describe('the trace of a request', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

  test('goes on with the deliveries of its runs', async () => {
    const accepted = await received(
      { traceparent, tracestate: 'vendor=1', 'content-type': 'application/json' },
      {},
    );
    const trace = { traceparent, tracestate: 'vendor=1' };
    expect(accepted).toMatchObject({ context: { trace } });
    const secrets = {
      current: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
      previous: null,
      config: {},
    };
    const config = outboundMode.config.parse({ url: 'https://example.com/hook' });
    const connector = sampleConnector('webhook', 'outbound', config, secrets);
    const run = { ...sampleRun, context: { trace } };
    expect(prepare(run, samplePrepareContext(connector, secrets)).headers).toMatchObject(trace);
  });

  test.each([
    '',
    'x',
    `${traceparent}!`,
    traceparent.replace('4bf92f3577b34da6a3ce929d0e0e4736', '0'.repeat(32)),
  ])('is none where the header is not one (%j)', async (header) => {
    const accepted = await received({ traceparent: header, 'content-type': 'application/json' }, {});
    expect(accepted).not.toHaveProperty('context.trace');
  });
});
