import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sampleConnector } from '../../../test/connectors/sample-records.ts';
import { openStillEngine, type StillEngine } from '../../../test/embedded/test-engine.ts';
import { toolAgent } from '../../../test/embedded/test-project.ts';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { inboundConfig } from '../../connectors/webhook/receiving-config.ts';
import type { Connector } from '../connectors/connector.ts';
import type { ConnectorType } from '../connectors/connector-type.ts';
import type { AcceptedEvent } from '../connectors/received.ts';
import { Payload } from '../json/json-value.ts';
import { arrivalOf } from '../triggers/arrival.ts';
import { receiveEvent } from '../triggers/receive-trigger.ts';
import { sendThrough } from '../triggers/send-through.ts';
import { takeEvents } from '../triggers/take-events.ts';
import { eventScope } from './event-scope.ts';
import { judgeConditions } from './judge-conditions.ts';
import { type FilterTrial, tryDraftFilter, tryFilter } from './try-filter.ts';

const connectorTypes = await loadConnectorTypes();

type Event = Partial<AcceptedEvent>;

/** A connector type whose events are what a test says. */
const door: ConnectorType<Event> = {
  name: 'door',
  title: 'Door',
  summary: 'Takes what knocks.',
  category: 'web',
  icon: '',
  modes: {},
  async receive(event) {
    const plain = { context: {}, modelInput: null, warnings: [], repeat: null, natural: null };
    return { outcome: 'accepted', payload: Payload.of({}), ...plain, ...event };
  },
};

const many = Array.from({ length: 7 }, (_, n) => `agent-${n}`);

describe('the filter of a connector', () => {
  let still: StillEngine;

  beforeEach(async () => {
    const names = ['clerk', 'poet', ...many];
    const agents = names.map((name) => toolAgent(name));
    const code = Object.fromEntries(names.map((name) => [name, `async () => 'done'`]));
    still = await openStillEngine(code, { agents, types: new Map([['door', door]]) });
  });
  afterEach(() => still.close());

  const connect = async (
    filter: string,
    links: Record<string, string> = {},
    given: Partial<Connector> = {},
  ) => {
    const sample = sampleConnector('door', 'inbound', {});
    const agents = ['clerk', 'poet'];
    const conditions = { filter: filter === '' ? null : filter, links };
    const connector: Connector = { ...sample, id: crypto.randomUUID(), agents, conditions, ...given };
    await still.engine.connectors.create(connector);
    return connector;
  };
  const receive = async (connector: Connector, event: Event) => {
    const received = await receiveEvent(still.engine, connector, event);
    if (received.outcome !== 'accepted') throw new Error(`the event was ${received.outcome}`);
    return received.runIds;
  };
  const filtered = async ({ id: connectorId }: Connector) => {
    const query = { outcome: 'filtered', connectorId, limit: 100, cursor: null } as const;
    return (await still.engine.runs.listTriggers(query)).items.map(({ item }) => item);
  };

  test('decides about each event of a batch', async () => {
    const connector = await connect('input.n > 1', { poet: 'input.n > 2' });
    await takeEvents(
      still.engine,
      connector.id,
      [1, 2, 3].map((n) => ({ payload: Payload.of({ n }) })),
    );
    const { items } = await still.engine.runs.list({ limit: 100, cursor: null });
    const started = await Promise.all(items.map(({ runId }) => still.engine.runs.get(runId)));
    expect(started.map((run) => `${run?.agentName} ${run?.payload.text}`).sort()).toEqual([
      'clerk {"n":2}',
      'clerk {"n":3}',
      'poet {"n":3}',
    ]);
    expect(await filtered(connector)).toMatchObject([{ filtered: { agents: ['clerk', 'poet'] } }]);
  });

  test('reads where the event came from', async () => {
    const connector = await connect('context.origin.account == "shop" and context.topic == "orders"');
    const event = { context: { topic: 'orders' }, origin: { account: 'shop', address: {} } };
    expect(await receive(connector, event)).toHaveLength(2);
    expect(await receive(connector, { ...event, origin: { account: 'other', address: {} } })).toEqual([]);
  });

  test('concerns only the agents that an event is for', async () => {
    const connector = await connect('', { poet: 'input.n > 2' });
    const event = { payload: Payload.of({ n: 1 }), agents: ['poet'] };
    expect(await receive(connector, event)).toEqual([]);
    const [trigger] = await filtered(connector);
    expect(trigger?.filtered).toMatchObject({
      reason: 'The condition of the link to "poet" is false: input.n > 2.',
      agents: ['poet'],
    });
    const sent = await sendThrough(still.engine, 'test', trigger?.triggerId ?? '');
    expect(sent).toMatchObject({ outcome: 'sent', runIds: [expect.any(String)] });
  });

  test('of many links has five reasons, and the number of the others', async () => {
    const links = Object.fromEntries(many.map((name) => [name, 'input.never']));
    const connector = await connect('', links, { agents: many });
    await receive(connector, {});
    const [trigger] = await filtered(connector);
    expect(trigger?.filtered?.reason).toMatch(
      /^The condition of the link to "agent-0" is false: input\.never\. /,
    );
    expect(trigger?.filtered?.reason).toMatch(/ 2 more links do not want it\.$/);
    expect(trigger?.filtered?.agents).toEqual(many);
  });

  test('with an error is noted once an hour, however many events come', async () => {
    const connector = await connect('input.n > 1');
    for (let n = 0; n < 200; n++) {
      still.now += 1_000;
      await receive(connector, { payload: Payload.of({ n: 'text' }) });
    }
    const { items } = await still.engine.history.list(connector.id, { limit: 100, cursor: null });
    expect(items).toMatchObject([
      {
        event: 'condition.failed',
        detail:
          'The filter of the connector has an error: input.n > 1 (Only two numbers or two texts can be compared with <, <=, >, or >=.)',
      },
    ]);
  });

  test('that a newer version wrote counts as an error', () => {
    const [verdict] = judgeConditions({ filter: 'len(input)', links: {} }, ['clerk'], { input: {} });
    expect(verdict).toEqual({
      name: 'clerk',
      wanted: false,
      isError: true,
      reason: 'The filter of the connector cannot be read: len(input)',
    });
  });

  test('that is long is shown in part', () => {
    const filter = `input.text == "${'x'.repeat(500)}"`;
    const [verdict] = judgeConditions({ filter, links: {} }, ['clerk'], { input: {} });
    expect(verdict?.reason?.length).toBeLessThan(250);
  });

  test('that fits none of 10,000 events starts no run, and each is listed with the reason', async () => {
    const connector = await connect('input.n > 10000');
    const events = Array.from({ length: 10_000 }, (_, n) => ({ payload: Payload.of({ n: n + 1 }) }));
    for (let from = 0; from < events.length; from += 500) {
      await takeEvents(still.engine, connector.id, events.slice(from, from + 500));
    }
    const listed = new Map<string, string | undefined>();
    let cursor: string | null = null;
    do {
      const query = { outcome: 'filtered', connectorId: connector.id, limit: 500, cursor } as const;
      const page: Awaited<ReturnType<typeof still.engine.runs.listTriggers>> =
        await still.engine.runs.listTriggers(query);
      for (const { item } of page.items) listed.set(item.triggerId, item.filtered?.reason);
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(listed.size).toBe(10_000);
    expect(new Set(listed.values())).toEqual(
      new Set(['The filter of the connector is false: input.n > 10000.']),
    );
    expect((await still.engine.runs.list({ limit: 1, cursor: null })).items).toEqual([]);
  });

  test('gives for a stored event what it gives for a live one, also if it is a new condition', async () => {
    const value = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.constantFrom('a', 'b', null, true));
    const payload = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'c d'), value);
    const operand = fc.constantFrom(
      'input.a',
      'input.b',
      'context.topic',
      'connector.name',
      '1',
      '"a"',
      'None',
    );
    const operator = fc.constantFrom('==', '!=', '<', '>=', 'in', 'not in');
    const comparison = fc.tuple(operand, operator, operand).map((parts) => parts.join(' '));
    const condition = fc
      .tuple(comparison, fc.constantFrom('and', 'or', 'and not'), comparison)
      .map((parts) => parts.join(' '));
    const conditions = fc.record({ filter: condition, poet: comparison });
    await fc.assert(
      fc.asyncProperty(payload, value, conditions, conditions, async (input, topic, stored, fresh) => {
        const { filter, poet } = stored;
        const connector = await connect(filter, { poet });
        const event = { payload: Payload.of(input), context: { topic } };
        const started = async () => {
          const runIds = await receive(connector, event);
          return Promise.all(runIds.map((runId) => still.engine.runs.find(runId)));
        };
        const wanting = async (trial: FilterTrial) => {
          const tried = await tryFilter(still.engine, connector.id, trial);
          if (tried.outcome !== 'tried') throw new Error(tried.detail);
          return tried.agents.filter(({ wanted }) => wanted).map(({ name }) => name);
        };
        const runs = await started();
        const triggerId = runs[0]?.triggerId ?? (await filtered(connector))[0]?.triggerId ?? '';
        expect(await wanting({ triggerId })).toEqual(runs.map((run) => run?.agentName));

        const tried = await wanting({ triggerId, filter: fresh.filter, when: { poet: fresh.poet } });
        const changed = { filter: fresh.filter, links: { poet: fresh.poet } };
        Object.assign(connector, { conditions: changed, version: 2 });
        await still.engine.connectors.replace(connector);
        expect(tried).toEqual((await started()).map((run) => run?.agentName));
      }),
      { numRuns: 100 },
    );
  });
});

describe('with the types of the product', () => {
  let still: StillEngine;
  beforeEach(async () => {
    still = await openStillEngine({}, { types: connectorTypes });
  });
  afterEach(() => still.close());

  describe('the conditions of a connector that is not created yet', () => {
    test('are tried out on a payload, link by link, and nothing is stored', async () => {
      const draft = { name: 'Big', type: 'webhook', mode: 'inbound' } as const;
      const when = { poet: null, lawyer: "connector.name == 'Small'" };
      const trial = { filter: 'input.total > 100', when };
      const wanted = await tryDraftFilter(still.engine, draft, { ...trial, payload: { total: 250 } });
      expect(wanted).toEqual({
        outcome: 'tried',
        wanted: true,
        reason: null,
        agents: [
          expect.objectContaining({ name: 'poet', wanted: true }),
          expect.objectContaining({
            name: 'lawyer',
            wanted: false,
            reason: 'The condition of the link to "lawyer" is false: connector.name == \'Small\'',
          }),
        ],
      });
      const unwanted = await tryDraftFilter(still.engine, draft, { ...trial, payload: { total: 5 } });
      expect(unwanted).toMatchObject({ wanted: false, reason: expect.stringContaining('input.total > 100') });
      expect((await still.engine.connectors.list({ limit: 9, cursor: null })).items).toEqual([]);
    });

    test('are refused with the place of a mistake, and for an unknown type', async () => {
      const draft = { name: 'Big', type: 'webhook', mode: 'inbound' } as const;
      const invalid = await tryDraftFilter(still.engine, draft, { filter: 'input.total >', payload: {} });
      expect(invalid).toMatchObject({
        outcome: 'refused',
        problems: [{ field: 'filter', message: expect.stringContaining('is invalid at character 14') }],
      });
      const unknown = await tryDraftFilter(still.engine, { ...draft, type: 'pigeon' }, { payload: {} });
      expect(unknown).toMatchObject({ outcome: 'refused', problems: [{ field: 'type' }] });
    });
  });

  test.each([
    ['JSON in a text, as the output of a run is', { output: '{"total":250}' }],
    ['JSON', { output: { total: 250 } }],
    ['nothing but the output', { total: 250 }],
  ])('the result that a condition is tried out on may be %s', async (_, result) => {
    const draft = { name: 'Big', type: 'webhook', mode: 'outbound' } as const;
    const payload = 'total' in result ? JSON.stringify(result) : result;
    const trial = { filter: 'output.total > 100', when: { poet: null }, payload };
    expect(await tryDraftFilter(still.engine, draft, trial)).toMatchObject({ wanted: true });
  });

  describe('a condition that is tried out with headers', () => {
    test.each([
      ['sees a header up to 200 characters', `context.request.headers["x-long"] == "${'v'.repeat(200)}…"`],
      ['sees 30 headers', '"x-27" in context.request.headers and "x-28" not in context.request.headers'],
      [
        'sees the headers in pass_headers in full',
        `context.request.headers["x-full"] == "${'v'.repeat(300)}"`,
      ],
      ['sees no credentials', 'context.request.headers["authorization"] == "[redacted]"'],
    ])('%s, as it does for live events', async (_, filter) => {
      const connector = sampleConnector(
        'webhook',
        'inbound',
        inboundConfig.parse({ pass_headers: ['x-full'] }),
      );
      await still.engine.connectors.create(connector);
      const many = Object.fromEntries(Array.from({ length: 40 }, (_one, n) => [`x-${n}`, 'v']));
      const long = 'v'.repeat(300);
      const headers = { Authorization: 'Bearer abc', 'X-Long': long, ...many, 'X-Full': long };
      const tried = await tryFilter(still.engine, connector.id, { filter, payload: {}, headers });
      expect(tried).toMatchObject({ outcome: 'tried', wanted: true });

      const live = arrivalOf({
        method: 'POST',
        query: '',
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
      });
      const context = { request: { headers: { 'x-full': long } } };
      const scope = eventScope(connector, { payload: Payload.of({}), context, arrival: live });
      expect(judgeConditions({ filter, links: {} }, ['clerk'], scope)).toMatchObject([{ wanted: true }]);
    });
  });
});
