import { beforeAll, describe, expect, test } from '@jest/globals';
import { send, sendJson, sendRaw } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;
type Created = Awaited<ReturnType<typeof operator.createConnector>>;

describe('a trigger of an inbound webhook', () => {
  test('makes one run for each linked agent, in link order', async () => {
    const connector = await operator.createConnector({
      mode: 'inbound',
      agents: ['shout', 'echo', 'count'],
    });
    const answer = await sendJson(connector, { message: 'hello' });
    expect(answer.status).toBe(200);
    const { dispatched_to, run_ids } = wire.inboundAnswer.parse(answer.json);
    expect(dispatched_to).toBe(3);
    const runs = await Promise.all(run_ids.map((id) => operator.ended(id)));
    expect(runs.map(({ agent_name, status, output }) => [agent_name, status, output])).toEqual([
      ['shout', 'completed', 'HELLO'],
      ['echo', 'completed', '{"message":"hello"}'],
      ['count', 'completed', '{"characters":5}'],
    ]);
    expect(new Set(runs.map((run) => run.trigger_id)).size).toBe(1);
    expect(runs.every((run) => run.connector_id === connector.id)).toBe(true);
  });

  test('runs a sequential agent, each step with the output of the one before', async () => {
    const connector = await operator.createConnector({ mode: 'inbound', agents: ['pipeline'] });
    const { run_ids } = wire.inboundAnswer.parse((await sendJson(connector, { message: 'straße' })).json);
    const run = await operator.ended(run_ids[0] ?? '');
    expect(run).toMatchObject({ status: 'completed', output: '{"characters":7}', attempts: 1 });
    expect(run.spans.filter((span) => span.kind === 'step')).toHaveLength(2);
  });
});

describe('the payload that an agent gets', () => {
  let connector: Created;
  beforeAll(async () => {
    connector = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
  });

  async function payloadOf(post: Parameters<typeof send>[1]) {
    const answer = await send(connector, post);
    expect(answer).toMatchObject({ status: 200 });
    const run = await operator.ended(wire.inboundAnswer.parse(answer.json).run_ids[0] ?? '');
    return { payload: run.payload, warnings: run.warnings };
  }

  const json = { 'content-type': 'application/json' };
  const text = { 'content-type': 'text/plain; charset=utf-8' };

  test.each<[string, Parameters<typeof send>[1], unknown]>([
    [
      'a JSON object as it is',
      { headers: json, body: '{"a":{"b":[1,null,"ü"]}}' },
      { a: { b: [1, null, 'ü'] } },
    ],
    ['a JSON array as it is', { headers: json, body: '[1,2]' }, [1, 2]],
    ['a JSON scalar as it is', { headers: json, body: '"hi"' }, 'hi'],
    [
      'structured syntaxes that end in +json',
      { headers: { 'content-type': 'application/vnd.api+json' }, body: '{"id":"1"}' },
      { id: '1' },
    ],
    [
      'a form, a repeated field as an array',
      { body: new URLSearchParams('name=Ada+L&tag=a&tag=b&empty=') },
      { name: 'Ada L', tag: ['a', 'b'], empty: '' },
    ],
    ['text as a message', { headers: text, body: 'Hello, wörld' }, { message: 'Hello, wörld' }],
    [
      'anything else that is text as a message',
      { headers: { 'content-type': 'application/xml' }, body: '<a/>' },
      { message: '<a/>' },
    ],
    [
      'the query of a GET, a repeated parameter as an array',
      { method: 'GET', query: '?city=Paris&tag=a&tag=b' },
      { city: 'Paris', tag: ['a', 'b'] },
    ],
  ])('%s', async (_title, post, payload) => {
    expect(await payloadOf(post)).toEqual({ payload, warnings: [] });
  });

  test('the secret of a query is left out', async () => {
    const answer = await sendRaw(connector, {
      method: 'GET',
      query: `?city=Paris&secret=${encodeURIComponent(connector.secret)}`,
    });
    const run = await operator.ended(wire.inboundAnswer.parse(answer.json).run_ids[0] ?? '');
    expect(run.payload).toEqual({ city: 'Paris' });
  });

  test('text fields and files of a multipart form', async () => {
    const form = new FormData();
    form.append('title', 'Two files');
    form.append('tag', 'a');
    form.append('tag', 'b');
    form.append('document', new Blob(['a,b\n1,2\n'], { type: 'text/csv' }), 'table.csv');
    form.append('document', new Blob(['{"a":1}'], { type: 'application/json' }), 'a.json');
    const { payload, warnings } = await payloadOf({ body: form });
    expect(warnings).toEqual([]);
    expect(payload).toEqual({
      title: 'Two files',
      tag: ['a', 'b'],
      files: [
        {
          name: 'table.csv',
          field_name: 'document',
          mime_type: 'text/csv',
          data: Buffer.from('a,b\n1,2\n').toString('base64'),
          size: 8,
        },
        {
          name: 'a.json',
          field_name: 'document',
          mime_type: 'application/json',
          data: Buffer.from('{"a":1}').toString('base64'),
          size: 7,
        },
      ],
    });
  });

  test('a file of a kind that no agent reads is left out, with a warning and without a "files" key', async () => {
    const form = new FormData();
    form.append('title', 'One program');
    const program = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0]);
    form.append('document', new Blob([program], { type: 'application/octet-stream' }), 'a.out');
    const { payload, warnings } = await payloadOf({ body: form });
    expect(payload).toEqual({ title: 'One program' });
    expect(warnings).toEqual([expect.stringContaining('a.out')]);
  });

  test('a file over 10 MB is left out, with a warning', async () => {
    const form = new FormData();
    form.append('small', new Blob(['ok'], { type: 'text/plain' }), 'small.txt');
    form.append('large', new Blob(['x'.repeat(10 * 1024 * 1024 + 1)], { type: 'text/plain' }), 'large.txt');
    const { payload, warnings } = await payloadOf({ body: form });
    expect(payload).toMatchObject({ files: [{ name: 'small.txt', size: 2 }] });
    expect(warnings).toEqual([expect.stringContaining('large.txt')]);
  });

  test('payloads and outputs far above what a record holds come back whole', async () => {
    const message = 'ä'.repeat(150_000);
    const answer = await sendJson(connector, { message });
    const run = await operator.ended(wire.inboundAnswer.parse(answer.json).run_ids[0] ?? '');
    expect(run.payload).toEqual({ message });
    expect(run.output).toBe(JSON.stringify({ message }));
  });
});
