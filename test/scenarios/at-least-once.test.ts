import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { type Receiver, startReceiver } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import { operatorOf } from './operator.ts';

const token = 'scenario-admin-token-at-least-once';

/** The block of code in docs/agents.md that is the file `name` of a project. */
function documentedFile(name: string): string {
  const page = readFileSync(join(import.meta.dirname, '../../docs/agents.md'), 'utf8');
  const block = page.split('```ts\n').find((text) => text.startsWith(`// ${name}\n`));
  if (block === undefined) throw new Error(`docs/agents.md has no file ${name}.`);
  return block.slice(0, block.indexOf('```'));
}

describe('a tool that takes the run id as its idempotency key, as documented', () => {
  const projectDir = mkdtempSync(join(tmpdir(), 'connectors-documented-'));
  let payments: Receiver;
  let product: ProductProcess;

  beforeAll(async () => {
    mkdirSync(join(projectDir, 'tools'));
    mkdirSync(join(projectDir, 'agents'));
    writeFileSync(join(projectDir, 'tools/payments.ts'), documentedFile('tools/payments.ts'));
    const agent =
      'version: "1.0"\nname: cashier\ndescription: Charges.\ntype: tool\ntool_name: payments.charge\n';
    writeFileSync(join(projectDir, 'agents/cashier.yaml'), agent);
    payments = await startReceiver();
    const env = { PAYMENTS_URL: payments.url.replace(/\/hook$/, '') };
    product = await startProduct({ projectDir, token, env });
  });

  afterAll(async () => {
    await product.remove();
    await payments.goDown();
    rmSync(projectDir, { recursive: true });
  });

  test('charges once, though the process is killed in between and the run is executed twice', async () => {
    const charged = new Set<unknown>();
    payments.answer(({ headers }, count) => {
      charged.add(headers['idempotency-key']);
      // The first answer is still on its way when the process is killed.
      return { status: 200, body: '{"charged": true}', delayMs: count === 1 ? 8_000 : 0 };
    });
    const operator = operatorOf({ baseUrl: product.url, token });
    const runId = await operator.startRun('cashier', { order_id: 'A-1001', cents: 1_250 });
    await eventually('the charge', async () => payments.requests.length === 1);
    await product.stop('SIGKILL');
    await product.start();
    expect(await operator.ended(runId)).toMatchObject({ status: 'completed', output: '{"charged":true}' });
    expect(payments.requests).toHaveLength(2);
    expect([...charged]).toEqual([`${runId}/charge/A-1001`]);
  });
});

describe('a tool that sends messages, as documented', () => {
  const projectDir = mkdtempSync(join(tmpdir(), 'connectors-documented-'));
  let receiver: Receiver;
  let product: ProductProcess;

  beforeAll(async () => {
    mkdirSync(join(projectDir, 'tools'));
    mkdirSync(join(projectDir, 'agents'));
    writeFileSync(join(projectDir, 'tools/shipping.ts'), documentedFile('tools/shipping.ts'));
    const agent =
      'version: "1.0"\nname: shipper\ndescription: Ships.\ntype: tool\ntool_name: shipping.ship\n';
    writeFileSync(join(projectDir, 'agents/shipper.yaml'), agent);
    receiver = await startReceiver();
    product = await startProduct({ projectDir, token });
  });

  afterAll(async () => {
    await product.remove();
    await receiver.goDown();
    rmSync(projectDir, { recursive: true });
  });

  test('sends nothing twice that was recorded, though the process is killed in between', async () => {
    const isToCustomer = (body: Buffer) => body.includes('on its way');
    // The customer's receiver works only after the process was killed.
    let isKilled = false;
    receiver.answer(({ body }) => ({ status: isKilled || !isToCustomer(body) ? 200 : 503 }));
    const operator = operatorOf({ baseUrl: product.url, token });
    const connect = (name: string) =>
      operator.createConnector({
        mode: 'outbound',
        name,
        agents: ['shipper'],
        config: { url: receiver.url },
        delivery: 'code',
      });
    const connectors = [await connect('warehouse'), await connect('customers')];
    const runId = await operator.startRun('shipper', { order_id: 'A-1001' });
    await eventually('both messages', async () => receiver.requests.length === 2);
    const before = (await operator.run(runId)).deliveries.map(({ delivery_id: id }) => id);
    await product.stop('SIGKILL');
    isKilled = true;
    await product.start();
    const run = await operator.ended(runId);
    expect(run).toMatchObject({ status: 'completed', output: 'delivered' });
    expect(run.deliveries.map(({ delivery_id: id }) => id).sort()).toEqual(before.sort());
    expect(run.deliveries.map(({ connector_id: id }) => id).sort()).toEqual(
      connectors.map(({ id }) => id).sort(),
    );
    const toWarehouse = receiver.requests.filter(({ body }) => !isToCustomer(body));
    expect(toWarehouse).toHaveLength(1);
    const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids)).toEqual(new Set(before));
  });
});
