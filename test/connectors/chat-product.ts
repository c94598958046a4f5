import { join } from 'node:path';
import * as z from 'zod';
import { type ProductOptions, type RunningProduct, runProduct } from '../running-product.ts';
import { eventually } from '../scenarios/eventually.ts';
import type { Answer } from '../scenarios/operator.ts';
import * as wire from '../scenarios/wire.ts';

const connector = z.object({ id: z.uuid(), url: z.string().nullable(), secret: z.string().nullable() });
export type ChatConnector = z.infer<typeof connector>;
type Delivery = wire.Run['deliveries'][number];

/** The product with agents that answer what they are told, and what a test asks of it. */
export interface ChatProduct extends RunningProduct {
  /** Makes a connector. */
  create(draft: {
    readonly type: string;
    readonly mode: 'inbound' | 'sync' | 'outbound';
    readonly agents?: readonly string[];
    readonly config: Readonly<Record<string, unknown>>;
    readonly connection?: string;
  }): Promise<ChatConnector>;
  /** Makes a connection, and returns its id. */
  makeConnection(draft: {
    readonly name: string;
    readonly type: string;
    readonly config: Readonly<Record<string, unknown>>;
  }): Promise<string>;
  /** The runs of a connector, once there are that many; newest first. */
  runsOf(connectorId: string, count: number): Promise<wire.Run[]>;
  countRuns(connectorId: string): Promise<number>;
  /** The delivery of a run, once it fulfils `holds`. */
  deliveryOf(runId: string, holds: (delivery: Delivery) => boolean): Promise<Delivery>;
  /** The status of each delivery of each run, sorted within a run, once that many runs have that many, and none is pending. */
  deliveredOf(connectorId: string, runs: number, deliveries: number): Promise<string[][]>;
  /** Details of the events in a connector's history. */
  historyOf(connectorId: string): Promise<string[]>;
  /** What a test of a configuration says, before anything is made of it. */
  testDraft(draft: {
    readonly type: string;
    readonly mode: string;
    readonly config: Readonly<Record<string, unknown>>;
  }): Promise<unknown>;
}

const listed = wire.listOf(wire.runSummary);
const history = wire.listOf(z.looseObject({ detail: z.string() }));

/** Starts the product in this process. */
export async function startChatProduct(options: ProductOptions = {}): Promise<ChatProduct> {
  const product = await runProduct({ projectDir: join(import.meta.dirname, 'project'), ...options });
  const { call } = product;
  let made = 0;
  const runIdsOf = async (connectorId: string) => {
    const answer = await call('GET', `/runs?connector=${connectorId}&limit=100`);
    return listed.parse(answer.json).items.map(({ run_id }) => run_id);
  };
  const run = async (runId: string) => wire.run.parse((await call('GET', `/runs/${runId}`)).json);
  const runsOf = async (connectorId: string, count: number) => {
    const runIds = await eventually(`${count} runs`, async () => {
      const found = await runIdsOf(connectorId);
      return found.length >= count && found;
    });
    return Promise.all(runIds.map(run));
  };
  return Object.assign(product, {
    async create({ agents = ['reply'], ...draft }: Parameters<ChatProduct['create']>[0]) {
      const body = { name: `${draft.type} ${draft.mode} ${++made}`, agents, ...draft };
      return connector.parse(expectSuccess(await call('POST', '/connectors', body)).json);
    },
    async makeConnection(draft: Parameters<ChatProduct['makeConnection']>[0]) {
      const answer = expectSuccess(await call('POST', '/connections', draft));
      return z.object({ id: z.uuid() }).parse(answer.json).id;
    },
    runsOf,
    countRuns: async (connectorId: string) => (await runIdsOf(connectorId)).length,
    deliveryOf: (runId: string, holds: (delivery: Delivery) => boolean) =>
      eventually(`the delivery of run ${runId}`, async () => {
        const [found] = (await run(runId)).deliveries;
        return found !== undefined && holds(found) && found;
      }),
    async deliveredOf(connectorId: string, runs: number, deliveries: number) {
      const ended = await eventually('the deliveries of each run', async () => {
        const found = await runsOf(connectorId, runs);
        const all = found.flatMap((each) => each.deliveries);
        return all.length === runs * deliveries && all.every(({ status }) => status !== 'pending') && found;
      });
      return ended.map((each) => each.deliveries.map(({ status }) => status).sort());
    },
    async historyOf(connectorId: string) {
      const answer = await call('GET', `/connectors/${connectorId}/history`);
      return history.parse(expectSuccess(answer).json).items.map(({ detail }) => detail);
    },
    testDraft: async ({ type, ...draft }: Parameters<ChatProduct['testDraft']>[0]) =>
      expectSuccess(await call('POST', `/connector-types/${type}/test`, draft)).json,
  });
}

/** What makes connectors of one type, for the account of the test or another one. */
interface Maker {
  readonly connectInbound: (config?: Record<string, unknown>) => Promise<ChatConnector>;
  readonly connectOutbound: (
    inbound: ChatConnector,
    config?: Record<string, unknown>,
  ) => Promise<ChatConnector>;
}

/** Connects two accounts at once. The outbound connector of each gets the results of both. */
export async function connectTwo({ connectInbound, connectOutbound }: Maker, other: Record<string, unknown>) {
  const ours = await connectInbound();
  const theirs = await connectInbound(other);
  const from_connectors = [ours.id, theirs.id];
  await connectOutbound(ours, { from_connectors });
  await connectOutbound(theirs, { ...other, from_connectors });
  return { ours, theirs };
}

function expectSuccess(answer: Answer): Answer {
  if (answer.status >= 300) throw new Error(`The API answered ${answer.status}: ${answer.text}`);
  return answer;
}
