import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import type { ConnectorDraft } from './operator.ts';
import { openStream, send, sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

const link = z.union([z.string(), z.strictObject({ name: z.string(), when: z.string() })]);
const filteredConnector = z.looseObject({
  id: z.string(),
  url: z.string().nullable(),
  secret: z.string(),
  agents: z.array(link),
  filter: z.string().nullable(),
});
const summary = z.strictObject({
  trigger_id: z.uuid(),
  connector_id: z.string().nullable(),
  received_at: z.iso.datetime(),
  outcome: z.enum(['accepted', 'filtered', 'refused']),
  reason: z.string().nullable(),
  run_ids: z.array(z.uuid()),
  sent_through_at: z.iso.datetime().nullable(),
});
const tried = z.strictObject({
  wanted: z.boolean(),
  reason: z.string().nullable(),
  agents: z.array(z.strictObject({ name: z.string(), wanted: z.boolean(), reason: z.string().nullable() })),
});
const nothingStarted = { status: 'ok', dispatched_to: 0, run_ids: [], filtered: true };

type FilteredDraft = Omit<ConnectorDraft, 'agents'> & {
  readonly agents: readonly unknown[];
  readonly filter?: string;
};

async function connect(draft: FilteredDraft) {
  const name = `filters ${crypto.randomUUID()}`;
  const answer = await operator.call('POST', '/connectors', { name, type: 'webhook', ...draft });
  expect(answer.status).toBe(201);
  return filteredConnector.parse(answer.json);
}

const triggers = (query: string) => operator.all(summary, `/triggers?${query}`, 3);
const tryOut = async (id: string, body: unknown) => {
  const answer = await operator.call('POST', `/connectors/${id}/try-filter`, body);
  expect(answer.status).toBe(200);
  return tried.parse(answer.json);
};
const runsOf = async (id: string) => (await operator.runs(`connector=${id}`)).items;

describe('the filter of a connector', () => {
  test('keeps events from starting runs, and each is listed with the reason', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo'], filter: 'input.total > 100' });
    expect(connector.filter).toBe('input.total > 100');
    for (const total of [5, 6, 7, 8]) {
      const answer = await sendJson(connector, { total });
      expect(answer).toMatchObject({ status: 200, json: nothingStarted });
    }
    const accepted = wire.inboundAnswer.parse((await sendJson(connector, { total: 250 })).json);
    const listed = await triggers(`connector=${connector.id}`);
    expect(listed.map(({ outcome }) => outcome).sort()).toEqual([
      'accepted',
      'filtered',
      'filtered',
      'filtered',
      'filtered',
    ]);
    const filtered = await triggers(`connector=${connector.id}&outcome=filtered`);
    expect(filtered).toHaveLength(4);
    expect(filtered[0]).toMatchObject({
      reason: 'The filter of the connector is false: input.total > 100.',
      run_ids: [],
      sent_through_at: null,
    });
    const [only] = await triggers(`connector=${connector.id}&outcome=accepted`);
    expect(only?.run_ids).toEqual(accepted.run_ids);
    expect((await runsOf(connector.id)).map(({ run_id }) => run_id)).toEqual(accepted.run_ids);
  });

  test('reads the headers and the method of the request, the connector, and what is absent', async () => {
    const filter =
      'context.request.headers["x-event"] == "order" and context.request.method == "POST" and connector.type == "webhook" and input.a.b == None';
    const connector = await connect({ mode: 'inbound', agents: ['echo'], filter });
    const wanted = await sendJson(connector, {}, { 'x-event': 'order' });
    expect(wire.inboundAnswer.parse(wanted.json).dispatched_to).toBe(1);
    expect((await sendJson(connector, {}, { 'x-event': 'other' })).json).toEqual(nothingStarted);
    const unauthorized = await tryOut(connector.id, {
      filter: 'context.request.headers["x-connic-secret"] == "[redacted]"',
      trigger_id: (await triggers(`connector=${connector.id}&outcome=filtered`))[0]?.trigger_id,
    });
    expect(unauthorized.wanted).toBe(true);
  });

  test('answers sync callers at once, whole or in a stream', async () => {
    const connector = await connect({ mode: 'sync', agents: ['echo'], filter: 'input.n == 1' });
    expect(await sendJson(connector, { n: 2 })).toMatchObject({
      status: 200,
      json: { status: 'ok', result: null, filtered: true },
    });
    const streamed = await (await openStream(connector, { n: 2 })).text();
    expect(streamed).toContain('"filtered":true');
    expect(wire.syncAnswer.parse((await sendJson(connector, { n: 1 })).json).status).toBe('ok');
  });

  test('treats a repeat like the first time, and lists it once', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo'], filter: 'input.n == 1' });
    const key = { 'idempotency-key': 'order-1' };
    expect((await sendJson(connector, { n: 2 }, key)).json).toEqual(nothingStarted);
    await operator.call('PATCH', `/connectors/${connector.id}`, { filter: null });
    const again = await sendJson(connector, { n: 2 }, key);
    expect(again.json).toEqual(nothingStarted);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(await triggers(`connector=${connector.id}`)).toHaveLength(1);
    expect(await runsOf(connector.id)).toEqual([]);
  });

  test('with an error wants nothing, and the connector has a warning until it is corrected', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo'], filter: 'input.total > 100' });
    expect((await sendJson(connector, { total: 'many' })).json).toEqual(nothingStarted);
    const reason =
      'The filter of the connector has an error: input.total > 100 (Only two numbers or two texts can be compared with <, <=, >, or >=.)';
    const health = async () =>
      z
        .looseObject({ filtered_24h: z.int(), warning: z.string().nullable(), last_event_at: z.string() })
        .parse((await operator.connector(connector.id))['health']);
    await eventually('the warning', async () => {
      const { warning, filtered_24h: filtered } = await health();
      return warning === reason && filtered === 1;
    });
    const attention = await operator.all(z.looseObject({}), '/attention');
    expect(attention).toContainEqual(
      expect.objectContaining({ kind: 'condition-failing', subject: connector.id, reason }),
    );
    await operator.change(connector.id, { filter: 'input.total == "many"' });
    await eventually('the warning to go', async () => (await health()).warning === null);
  });

  test('must be a condition, and says at which character it is wrong', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo'] });
    const attempts: [string, unknown, string][] = [
      [`/connectors/${connector.id}`, { filter: 'input.total >' }, 'filter: is invalid at character 14'],
      [
        `/connectors/${connector.id}`,
        { filter: 'output.total' },
        'filter: is invalid at character 1: "output" is unknown: a name starts with "input.", "context." or "connector."',
      ],
      [
        `/connectors/${connector.id}`,
        { agents: [{ name: 'echo', when: 'input.a = 1' }] },
        'agents.0.when: is invalid at character 9: "=" assigns',
      ],
    ];
    for (const [path, body, detail] of attempts) {
      const answer = await operator.call('PATCH', path, body);
      expect(answer.status).toBe(400);
      expect(wire.refusal.parse(answer.json).detail).toContain(detail);
    }
    const linked = await operator.call('PUT', `/connectors/${connector.id}/agents/echo`, { when: 'a' });
    expect(linked).toMatchObject({ status: 400, json: { code: 'invalid-request' } });
  });
});

describe('the condition of a link', () => {
  test('decides for its agent alone', async () => {
    const agents = ['echo', { name: 'shout', when: 'input.loud' }];
    const connector = await connect({ mode: 'inbound', agents });
    expect(connector.agents).toEqual(agents);
    const quiet = wire.inboundAnswer.parse((await sendJson(connector, { message: 'a' })).json);
    const loud = wire.inboundAnswer.parse((await sendJson(connector, { message: 'a', loud: true })).json);
    expect([quiet.dispatched_to, loud.dispatched_to]).toEqual([1, 2]);
    expect((await operator.run(quiet.run_ids[0] ?? '')).agent_name).toBe('echo');
  });

  test('is set, kept, and removed by linking', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo'] });
    const path = `/connectors/${connector.id}/agents/echo`;
    const agentsAfter = async (body?: unknown) =>
      z.looseObject({ agents: z.array(link) }).parse((await operator.call('PUT', path, body)).json).agents;
    expect(await agentsAfter({ when: 'input.a' })).toEqual([{ name: 'echo', when: 'input.a' }]);
    expect(await agentsAfter()).toEqual([{ name: 'echo', when: 'input.a' }]);
    expect(await agentsAfter({ when: null })).toEqual(['echo']);
    const audit = await operator.all(z.looseObject({}), `/audit-log?subject=${connector.id}`);
    expect(audit).toContainEqual(
      expect.objectContaining({ action: 'connector.linked', detail: 'Linked agent "echo" when input.a.' }),
    );
  });

  test('of no link being true, the event is filtered with the reason of each', async () => {
    const agents = [
      { name: 'echo', when: 'input.n == 1' },
      { name: 'shout', when: 'input.n == 2' },
    ];
    const connector = await connect({ mode: 'inbound', agents });
    expect((await sendJson(connector, { n: 3 })).json).toEqual(nothingStarted);
    const [filtered] = await triggers(`connector=${connector.id}`);
    expect(filtered?.reason).toBe(
      'The condition of the link to "echo" is false: input.n == 1. The condition of the link to "shout" is false: input.n == 2.',
    );
  });
});

describe('a filtered event', () => {
  test('is shown with its request and its payload', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo'], filter: 'input.n == 1' });
    await sendJson(connector, { n: 2 }, { 'x-order': 'A-1' });
    const [listed] = await triggers(`connector=${connector.id}`);
    const shown = await operator.call('GET', `/triggers/${listed?.trigger_id}`);
    expect(shown.json).toMatchObject({
      ...listed,
      payload: { n: 2 },
      request: { method: 'POST', headers: { 'x-order': 'A-1', 'x-connic-secret': '[redacted]' } },
      runs: [],
    });
  });

  test('is sent through once, by hand, to the agents that did not want it', async () => {
    const agents = ['echo', 'shout'];
    const connector = await connect({ mode: 'inbound', agents, filter: 'input.message == "no"' });
    await sendJson(connector, { message: 'hello' });
    const [filtered] = await triggers(`connector=${connector.id}`);
    const path = `/triggers/${filtered?.trigger_id}`;
    const sent = await operator.call('POST', `${path}/send-through`);
    expect(sent.status).toBe(202);
    const { run_ids: runIds } = z.strictObject({ run_ids: z.array(z.uuid()) }).parse(sent.json);
    const runs = await Promise.all(runIds.map((runId) => operator.runIn('completed', runId)));
    expect(runs.map(({ agent_name }) => agent_name)).toEqual(['echo', 'shout']);
    expect(runs[1]?.output).toBe('HELLO');
    const shown = await operator.call('GET', path);
    expect(shown.json).toMatchObject({ outcome: 'filtered', run_ids: runIds, payload: { message: 'hello' } });
    const again = await operator.call('POST', `${path}/send-through`);
    expect(again).toMatchObject({ status: 409, json: { code: 'already-sent' } });
    expect(await runsOf(connector.id)).toHaveLength(2);
    const audit = await operator.all(z.looseObject({}), `/audit-log?subject=${filtered?.trigger_id}`);
    expect(audit).toMatchObject([
      { action: 'trigger.sent-through', detail: 'Sent a filtered event through to echo, shout.' },
    ]);
  });

  test('is not sent through if it was accepted, refused, or its agents or connector are gone', async () => {
    const through = async (id: string | undefined) => {
      const answer = await operator.call('POST', `/triggers/${id}/send-through`);
      return [answer.status, wire.refusal.parse(answer.json).code];
    };
    const connector = await connect({ mode: 'inbound', agents: ['echo'], filter: 'input.n == 1' });
    for (const n of [1, 2]) await sendJson(connector, { n });
    await send(connector, { headers: { 'content-type': 'application/json' }, body: '{"a":' });
    const idOf = async (outcome: string) =>
      (await triggers(`connector=${connector.id}&outcome=${outcome}`))[0]?.trigger_id;
    expect(await through(await idOf('accepted'))).toEqual([409, 'not-filtered']);
    expect(await through(await idOf('refused'))).toEqual([409, 'not-filtered']);
    expect(await through(crypto.randomUUID())).toEqual([404, 'trigger-not-found']);
    const filtered = await idOf('filtered');
    await operator.unlink(connector.id, 'echo');
    expect(await through(filtered)).toEqual([409, 'no-linked-agents']);
    await operator.delete(connector.id);
    expect(await through(filtered)).toEqual([409, 'connector-deleted']);
  });
});

describe('the list of triggers', () => {
  test('has what was accepted, filtered, and refused, newest first, page by page', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo', 'shout'], filter: 'input.n < 3' });
    const malformed = { headers: { 'content-type': 'application/json' }, body: '{"a":' };
    for (const n of [1, 5, 2, 6]) await sendJson(connector, { n, message: `number ${n}` });
    await send(connector, malformed);
    await sendJson(connector, { n: 7 });
    const outcomes = async (query = '') =>
      (await triggers(`connector=${connector.id}${query}`)).map(({ outcome }) => outcome);
    expect(await outcomes()).toEqual(['filtered', 'refused', 'filtered', 'accepted', 'filtered', 'accepted']);
    expect(await outcomes('&outcome=refused')).toEqual(['refused']);
    expect(await outcomes('&q=number%205')).toEqual(['filtered']);
    const [, refused] = await triggers(`connector=${connector.id}`);
    expect(refused?.reason).toContain('not valid JSON');
    const shown = await operator.call('GET', `/triggers/${refused?.trigger_id}`);
    expect(shown.json).toMatchObject({ ...refused, payload: null, request: { method: 'POST' }, runs: [] });
    expect(await outcomes(`&q=${refused?.trigger_id}`)).toEqual(['refused']);
    expect(await outcomes(`&from=${refused?.received_at}`)).toEqual(['filtered', 'refused']);
    const invalid = await operator.call('GET', '/triggers?cursor=nothing');
    expect(invalid).toMatchObject({ status: 400, json: { code: 'invalid-cursor' } });
  });
});

describe('trying a condition out', () => {
  test('tells for each agent whether it wants a payload, before anything is saved', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo', 'shout'] });
    const payload = { total: 5 };
    expect(await tryOut(connector.id, { payload })).toEqual({
      wanted: true,
      reason: null,
      agents: [
        { name: 'echo', wanted: true, reason: null },
        { name: 'shout', wanted: true, reason: null },
      ],
    });
    const when = { echo: 'input.total > 100' };
    expect(await tryOut(connector.id, { payload, when })).toMatchObject({
      wanted: true,
      agents: [
        { wanted: false, reason: 'The condition of the link to "echo" is false: input.total > 100' },
        { wanted: true },
      ],
    });
    expect(await tryOut(connector.id, { payload, when: 'input.total == 5' })).toMatchObject({ wanted: true });
    const filter = 'context.request.headers["x-a"] == "1"';
    expect(await tryOut(connector.id, { payload, filter, headers: { 'X-A': '1' } })).toMatchObject({
      wanted: true,
    });
    expect(await tryOut(connector.id, { payload, filter })).toMatchObject({
      wanted: false,
      reason: `The filter of the connector is false: ${filter}`,
    });
    expect(await runsOf(connector.id)).toEqual([]);
  });

  test('on a stored event gives what the event got', async () => {
    const connector = await connect({ mode: 'inbound', agents: ['echo'], filter: 'input.n == 1' });
    for (const n of [1, 2]) await sendJson(connector, { n });
    for (const { trigger_id: triggerId, outcome } of await triggers(`connector=${connector.id}`)) {
      const { wanted } = await tryOut(connector.id, { trigger_id: triggerId });
      expect(wanted).toBe(outcome === 'accepted');
    }
  });

  test('says what is wrong with what it was given', async () => {
    const { id } = await connect({ mode: 'inbound', agents: ['echo'] });
    const attempt = async (body: unknown, connectorId = id) => {
      const answer = await operator.call('POST', `/connectors/${connectorId}/try-filter`, body);
      return [answer.status, wire.refusal.parse(answer.json).detail];
    };
    expect(await attempt({})).toEqual([400, 'Invalid request. give either trigger_id or payload.']);
    expect(await attempt({ payload: 1, filter: '(' })).toEqual([
      400,
      'Invalid request. filter: is invalid at character 2: expected a value, found the end.',
    ]);
    expect(await attempt({ run_id: 'none' })).toEqual([
      400,
      'Invalid request. run_id: this connector filters events; use trigger_id.',
    ]);
    expect((await attempt({ trigger_id: crypto.randomUUID() }))[0]).toBe(404);
    expect((await attempt({ payload: 1 }, 'none'))[0]).toBe(404);
  });
});

describe('the filter of an outbound connector', () => {
  test('delivers only results for which it is true, over output, status, input, and context', async () => {
    const receiver = await target.startReceiver();
    const inbound = await connect({ mode: 'inbound', agents: ['echo'] });
    const outbound = await connect({
      mode: 'outbound',
      agents: ['echo'],
      config: { url: receiver.url },
      filter: 'output.n > 1 and status == "completed" and input.n == output.n',
    });
    const started = [];
    for (const n of [1, 2]) {
      const answer = wire.inboundAnswer.parse((await sendJson(inbound, { n })).json);
      started.push(answer.run_ids[0] ?? '');
    }
    const [unwanted = '', wanted = ''] = started;
    await operator.deliveryOf(wanted, ({ status }) => status === 'delivered');
    expect((await operator.ended(unwanted)).deliveries).toEqual([]);
    expect(receiver.requests).toHaveLength(1);
    expect(await tryOut(outbound.id, { run_id: wanted })).toMatchObject({ wanted: true });
    expect(await tryOut(outbound.id, { run_id: unwanted })).toMatchObject({ wanted: false });
    expect(await tryOut(outbound.id, { filter: 'output == "x"', payload: { output: 'x' } })).toMatchObject({
      wanted: true,
    });
  });
});

describe('a schedule with a filter', () => {
  test('fires nothing where it is false, also by hand', async () => {
    const connector = await operator.call('POST', '/connectors', {
      name: `cron ${crypto.randomUUID()}`,
      type: 'cron',
      mode: 'inbound',
      agents: ['echo'],
      config: { schedule: '0 0 1 1 *' },
      filter: 'input.prompt == "go"',
    });
    const { id } = z.looseObject({ id: z.string() }).parse(connector.json);
    expect(await operator.call('POST', `/connectors/${id}/run-now`)).toMatchObject({
      status: 202,
      json: { run_ids: [], filtered: true },
    });
    expect(await triggers(`connector=${id}&outcome=filtered`)).toHaveLength(1);
    await operator.delete(id);
  });
});
