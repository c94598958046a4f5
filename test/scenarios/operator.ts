import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { eventually } from './eventually.ts';
import * as wire from './wire.ts';

/** A person or a program that manages the product through its API. */
export type Operator = ReturnType<typeof operatorOf>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body, parsed; `undefined` where it is not JSON. */
  readonly json: unknown;
}

/** What a connector is made of; the mode's defaults fill the rest. */
export interface ConnectorDraft {
  /** A webhook where nothing is said. */
  readonly type?: string;
  readonly mode: 'inbound' | 'sync' | 'outbound';
  readonly agents: readonly string[];
  readonly config?: Readonly<Record<string, unknown>>;
  readonly name?: string;
  readonly delivery?: 'automatic' | 'tool' | 'code';
}

/** Of the gateway, where a function was killed, did not start, or could not reach its table. */
const busyStatuses = [502, 503, 504];
const busyTries = 10;
const isDeployed = process.env['SCENARIO_URL'] !== undefined;

const secretAnswer = z.looseObject({ secret: z.string() });
const startedRun = z.looseObject({ run_id: z.uuid() });

/** Reads an answer whole. */
export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

/**
 * A client of the management API that checks every answer against the specification.
 *
 * @param target where the product answers now, and its token
 */
export function operatorOf(target: { readonly baseUrl: string; readonly token: string }) {
  const created = new Set<string>();

  /** Sends one request as it is, whatever comes back. */
  async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${target.baseUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${target.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return readAnswer(response);
  }

  /** Reads, and comes again where a deployment says that it is too busy: functions start slowly on a busy machine. */
  async function patientCall(path: string): Promise<Answer> {
    for (let count = 1; ; count++) {
      const answer = await call('GET', path);
      if (!isDeployed || !busyStatuses.includes(answer.status) || count === busyTries) return answer;
      await sleep(1_000);
    }
  }

  async function expectAnswer<Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    path: string,
    body?: unknown,
  ) {
    const answer = method === 'GET' ? await patientCall(path) : await call(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text}`);
    return schema.parse(answer.json);
  }

  /** All items of a list, page by page. */
  async function all<Item extends z.ZodType>(item: Item, path: string, limit = 100) {
    const items: z.infer<Item>[] = [];
    const list = wire.listOf(item);
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: z.infer<typeof list> = await expectAnswer(
        list,
        'GET',
        `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      items.push(...page.items);
      cursor = page.next_cursor;
    }
    return items;
  }

  const run = (runId: string) => expectAnswer(wire.run, 'GET', `/runs/${runId}`);
  const delivery = (deliveryId: string) => expectAnswer(wire.delivery, 'GET', `/deliveries/${deliveryId}`);

  return {
    call,
    all,

    async createConnector(draft: ConnectorDraft) {
      const name = `scenario ${draft.mode} ${crypto.randomUUID()}`;
      const body = { name, type: 'webhook', config: {}, ...draft };
      const connector = await expectAnswer(wire.createdConnector, 'POST', '/connectors', body);
      created.add(connector.id);
      return connector;
    },
    connector: (id: string) => expectAnswer(wire.connector, 'GET', `/connectors/${id}`),
    change: (id: string, change: unknown) =>
      expectAnswer(wire.connector, 'PATCH', `/connectors/${id}`, change),
    link: (id: string, agent: string) => call('PUT', `/connectors/${id}/agents/${agent}`),
    unlink: (id: string, agent: string) => call('DELETE', `/connectors/${id}/agents/${agent}`),
    delete: (id: string) => call('DELETE', `/connectors/${id}`),
    secretOf: async (id: string) =>
      (await expectAnswer(secretAnswer, 'GET', `/connectors/${id}/secret`)).secret,
    async rotate(id: string, graceSeconds: number) {
      const body = { grace_seconds: graceSeconds };
      return (await expectAnswer(secretAnswer, 'POST', `/connectors/${id}/rotate-secret`, body)).secret;
    },

    run,
    async startRun(agent: string, payload: unknown) {
      return (await expectAnswer(startedRun, 'POST', `/agents/${agent}/runs`, { payload })).run_id;
    },
    runs: (query: string) => expectAnswer(wire.listOf(wire.runSummary), 'GET', `/runs?${query}`),
    /** The run once it has the status. */
    runIn: (status: wire.Run['status'], runId: string) =>
      eventually(`run ${runId} to be ${status}`, async () => {
        const found = await run(runId);
        return found.status === status && found;
      }),
    /** The run once it has ended, however. */
    ended: (runId: string) =>
      eventually(`run ${runId} to end`, async () => {
        const found = await run(runId);
        return found.ended_at !== null && found;
      }),

    delivery,
    /** The only delivery of a run (to `receiver`, if that is given), once it is there and fulfils `holds`. */
    deliveryOf: (runId: string, holds: (delivery: wire.Delivery) => boolean, receiver?: string) =>
      eventually(`the delivery of run ${runId}`, async () => {
        const all = (await run(runId)).deliveries;
        const [found, ...more] = all.filter((one) => (receiver ?? one.connector_id) === one.connector_id);
        if (more.length > 0) throw new Error(`Run ${runId} has ${more.length + 1} deliveries.`);
        return found !== undefined && holds(found) && found;
      }),
    redeliver: (deliveryId: string) => call('POST', `/deliveries/${deliveryId}/redeliver`),

    /** Deletes the connectors that were made here. */
    async cleanUp() {
      await Promise.all([...created].map((id) => call('DELETE', `/connectors/${id}`)));
    },
  };
}
