import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { type RunningProduct, runProduct } from '../../../test/running-product.ts';
import { exampleProject } from '../../../test/start-sandbox.ts';

let product: RunningProduct;

beforeAll(async () => {
  product = await runProduct({ projectDir: exampleProject });
});

afterAll(() => product.stop());

const created = z.object({
  secret: z.string(),
  sample_payload: z.json(),
  sample_request: z.object({
    url: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  }),
});
const answered = z.object({
  result: z.object({ status: z.string() }),
  results: z.array(z.object({ agent_name: z.string(), status: z.string() })).optional(),
});

/** A new sync connector, and its answer to the sample request that the API returns. */
async function tryConnector(agents: readonly string[]) {
  const draft = { name: `try ${agents}`, type: 'webhook', mode: 'sync', agents };
  const connector = created.parse((await product.call('POST', '/connectors', draft)).json);
  const { url, headers, body } = connector.sample_request;
  const filled = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    value.replaceAll('$SECRET', connector.secret),
  ]);
  const response = await fetch(url, { method: 'POST', headers: filled, body });
  return { connector, answer: answered.parse(await response.json()) };
}

async function readyAgents(): Promise<readonly string[]> {
  const agent = z.object({ name: z.string(), missing_key: z.string().nullable() });
  const list = z.object({ items: z.array(agent) }).parse((await product.call('GET', '/agents')).json);
  return list.items.filter(({ missing_key }) => missing_key === null).map(({ name }) => name);
}

describe('the sample request of a connector', () => {
  test('can be read by every example agent that needs no key', async () => {
    const agents = await readyAgents();
    expect(agents).toEqual(['order-desk', 'order-lookup', 'order-report', 'order-writer', 'text-statistics']);
    for (const agent of agents) {
      const { answer } = await tryConnector([agent]);
      expect([agent, answer.result.status]).toEqual([agent, 'completed']);
    }
  });

  test('can be read by all agents of the connector', async () => {
    const agents = await readyAgents();
    const { connector, answer } = await tryConnector(agents);
    expect(connector.sample_payload).toMatchObject({ order_id: 'A-1001', message: 'Where is order A-1001?' });
    expect(answer.results?.map(({ agent_name, status }) => [agent_name, status])).toEqual(
      agents.map((agent) => [agent, 'completed']),
    );
  });

  test('is a message for a connector without agents; nothing is sent to an outbound one', async () => {
    const empty = await product.call('POST', '/connectors', { name: 'e', type: 'webhook', mode: 'sync' });
    expect(empty.json).toMatchObject({ sample_payload: { message: 'Hello' } });
    const config = { url: 'https://example.com/hook' };
    const draft = { name: 'o', type: 'webhook', mode: 'outbound', config, agents: ['order-desk'] };
    expect((await product.call('POST', '/connectors', draft)).json).toMatchObject({ sample_payload: null });
  });
});
