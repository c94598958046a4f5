import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import { type ProductProcess, startProduct } from '../product-process.ts';
import { type Receiver, startReceiver } from '../receivers/recording-receiver.ts';
import { eventually } from './eventually.ts';
import { type Operator, operatorOf } from './operator.ts';

/**
 * The running system that a scenario is played on. By default the embedded engine, started for the scenario's file; with
 * `SCENARIO_URL` and `SCENARIO_TOKEN` a system that runs somewhere with the agents of `./project`.
 */
export interface Target {
  readonly baseUrl: string;
  readonly token: string;
  readonly operator: Operator;
  /**
   * Only for scenarios that need a process to stop, to configure or to look into; `test/aws/left-out.ts` names each of
   * them, and what shows the same of AWS.
   */
  readonly process: ProductProcess;
  /** Kills everything that executes, all at once; resolves when the system takes requests again. */
  crash(): Promise<void>;
  /** A receiver that the product reaches; gone after the scenario. */
  startReceiver(): Promise<Receiver>;
}

const remoteUrl = process.env['SCENARIO_URL'];
const projectDir = join(import.meta.dirname, 'project');

/** Long and recognizable, so that a scenario can look for it where it must not be. */
const adminToken = 'scenario-admin-token-5f1d7c0b9e';

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
  });

  afterAll(async () => {
    await operator.cleanUp().catch(() => undefined);
    await product?.remove();
    await Promise.all(receivers.map((receiver) => receiver.goDown()));
  });

  return {
    get baseUrl() {
      return target.baseUrl;
    },
    token: target.token,
    operator,
    get process() {
      if (product === null)
        throw new Error('This scenario needs a process of its own: see test/aws/left-out.ts.');
      return product;
    },
    async crash() {
      if (remoteUrl !== undefined) {
        await crashRemote();
        return answersAgain(operator);
      }
      await product?.stop('SIGKILL');
      await product?.start();
    },
    async startReceiver() {
      const receiver = await startReceiver(process.env['SCENARIO_RECEIVER_HOST']);
      receivers.push(receiver);
      return receiver;
    },
  };
}

/** Whoever runs the emulated account kills the functions, which start again by themselves. */
async function crashRemote(): Promise<void> {
  const answer = await fetch(process.env['SCENARIO_CRASH_URL'] ?? '', { method: 'POST' });
  if (!answer.ok) throw new Error(await answer.text());
}

/** The emulator answers 502 once for each process that was killed. */
async function answersAgain({ call }: Operator): Promise<void> {
  await eventually('the API to answer again', async () => {
    for (let n = 0; n < 5; n++) if ((await call('GET', '/runs?limit=1')).status !== 200) return false;
    return true;
  });
}
