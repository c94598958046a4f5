import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { type Receiver, startReceiver } from '../receivers/recording-receiver.ts';
import { type Operator, operatorOf } from './operator.ts';

/**
 * The running system that a scenario is played on. By default the embedded engine, started for the scenario's file; with
 * `SCENARIO_URL` and `SCENARIO_TOKEN` a system that runs somewhere with the agents of `./project`.
 */
export interface Target {
  readonly baseUrl: string;
  readonly token: string;
  readonly operator: Operator;
  /** Only for scenarios that need a process to kill, to restart or to look into. */
  readonly process: ProductProcess;
  /** A receiver that the product reaches; gone after the scenario. */
  startReceiver(): Promise<Receiver>;
}

const remoteUrl = process.env['SCENARIO_URL'];
const projectDir = join(import.meta.dirname, 'project');

/** Long and recognizable, so that a scenario can look for it where it must not be. */
const adminToken = 'scenario-admin-token-5f1d7c0b9e';

/** `describe` for scenarios that kill, restart or configure the process; skipped on a system that runs elsewhere. */
export const describeProcess = remoteUrl === undefined ? describe : describe.skip;

/**
 * Opens a target before the tests of the file and closes it after them.
 *
 * @param env settings of the process: the address of a model server, for one; called once, before the start
 */
export function useTarget(env: () => Promise<Record<string, string>> = async () => ({})): Target {
  let product: ProductProcess | null = null;
  const receivers: Receiver[] = [];
  const target = {
    get baseUrl() {
      return (remoteUrl ?? product?.url ?? '').replace(/\/$/, '');
    },
    token: remoteUrl === undefined ? adminToken : (process.env['SCENARIO_TOKEN'] ?? ''),
  };
  const operator = operatorOf(target);

  beforeAll(async () => {
    if (remoteUrl !== undefined) return;
    product = await startProduct({ projectDir, token: target.token, env: await env() });
  }, 60_000);

  afterAll(async () => {
    await operator.cleanUp().catch(() => undefined);
    await product?.remove();
    await Promise.all(receivers.map((receiver) => receiver.goDown()));
  }, 60_000);

  return {
    get baseUrl() {
      return target.baseUrl;
    },
    token: target.token,
    operator,
    get process() {
      if (product === null) throw new Error('This scenario needs a process of its own: use describeProcess.');
      return product;
    },
    async startReceiver() {
      const receiver = await startReceiver(process.env['SCENARIO_RECEIVER_HOST']);
      receivers.push(receiver);
      return receiver;
    },
  };
}
