import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { webhook } from '../src/connectors/webhook/index.ts';
import { createConnector } from '../src/core/connectors/create-connector.ts';
import { planDeliveries } from '../src/core/deliveries/plan-deliveries.ts';
import { startWrittenFunction, variablesOf, writeFunction } from '../test/aws/bundled-function.ts';
import { startMinistack } from '../test/aws/ministack.ts';
import { takeMessages } from '../test/aws/queue-messages.ts';
import { sampleDispatch, sampleEnd, sampleLease } from '../test/aws/samples.ts';
import { type TestEngine, testEngine } from '../test/aws/test-engine.ts';
import { startGeminiServer } from '../test/model-servers/gemini-server.ts';
import { pythonTool } from '../test/python-tool.ts';
import { startReceiver } from '../test/receivers/recording-receiver.ts';
import type { Effort } from './effort.ts';
import { processorShare } from './processor-share.ts';
import { type Finding, median, readable } from './report.ts';

const memoriesMb = [256, 512, 1_024, 1_769] as const;

/** One kind of work of a function. */
interface Work {
  readonly name: string;
  /** File name in `lambdas/`, without extension. */
  readonly entry: string;
  /** Stores one piece of work and returns the event that calls the function for it. */
  readonly event: () => Promise<unknown>;
  /** Calls after the first; by default, as many as for other work. */
  readonly calls?: number;
}

interface Measured {
  /** Time from process start until the function is callable, and of the first call, in ms. */
  readonly loadMs: number;
  readonly firstMs: number;
  /** Median of the later calls. */
  readonly warmMs: number;
  readonly peakMb: number;
}

/**
 * How functions perform with several memory sizes: the bundled handlers against an emulated account, each in a process
 * with the CPU share that Lambda gives to that memory. The account and the model use the rest of the machine.
 */
export async function benchMemory(effort: Effort): Promise<Finding[]> {
  const account = await startMinistack(pythonTool('ministack'));
  Object.assign(process.env, account.environment);
  const receiver = await startReceiver();
  const model = await startGeminiServer({ script: [{ text: '{"answer":"42"}' }] });
  try {
    const made = await testEngine({ types: new Map([['webhook', webhook]]) });
    made.now = Date.now();
    const environment = {
      ...variablesOf(made.resources),
      ...account.environment,
      GEMINI_BASE_URL: model.url,
      GEMINI_API_KEY: 'none',
    };
    const findings: Finding[] = [];
    for (const work of await allWork(made, receiver.url)) {
      findings.push(...(await measureWork(work, environment, effort)));
    }
    return findings;
  } finally {
    await model.close();
    await receiver.goDown();
    await account.stop();
  }
}

async function allWork(made: TestEngine, receiverUrl: string): Promise<readonly Work[]> {
  const config = { url: receiverUrl };
  const receiving = {
    name: 'Receiver',
    type: 'webhook',
    mode: 'outbound',
    config,
    agents: ['echo'],
  } as const;
  const created = await createConnector(made.engine, 'bench', receiving);
  if (created.outcome !== 'created') throw new Error(created.detail);
  return [
    { name: 'runner, an agent that is a tool', entry: 'runner', event: () => runOf(made, 'echo') },
    { name: 'runner, an agent with a model', entry: 'runner', event: () => runOf(made, 'question-answerer') },
    { name: 'deliver, one delivery', entry: 'deliver', event: () => deliveriesOf(made, 1, 1) },
    { name: 'deliver, ten deliveries', entry: 'deliver', event: () => deliveriesOf(made, 10, 1) },
    {
      name: 'deliver, ten deliveries of 2 MB',
      entry: 'deliver',
      event: () => deliveriesOf(made, 10, 2_000),
      calls: 3,
    },
    { name: 'reconcile, with nothing to do', entry: 'reconcile', event: async () => ({}) },
  ];
}

async function measureWork(
  work: Work,
  environment: Readonly<Record<string, string>>,
  effort: Effort,
): Promise<Finding[]> {
  const folder = await writeFunction(work.entry);
  const findings: Finding[] = [];
  for (const memoryMb of memoriesMb) {
    const share = await processorShare(memoryMb);
    const what = `${work.name}, ${readable(memoryMb)} MB`;
    if (share === null) {
      findings.push({ what, measured: 'not here: it takes Linux, control groups of version 1, and root' });
      continue;
    }
    const rounds: Measured[] = [];
    for (let round = 0; round < effort.functionStarts; round++) {
      rounds.push(await measure(work, folder, environment, share.node, work.calls ?? effort.functionCalls));
    }
    await share.remove();
    findings.push({ what, measured: sentenceOf(rounds) });
  }
  await rm(folder, { recursive: true, force: true });
  return findings;
}

async function measure(
  work: Work,
  folder: string,
  environment: Readonly<Record<string, string>>,
  node: string,
  calls: number,
): Promise<Measured> {
  const events = await Promise.all(Array.from({ length: calls + 1 }, () => work.event()));
  const begun = performance.now();
  const started = await startWrittenFunction(folder, environment, node);
  const loadMs = performance.now() - begun;
  const times: number[] = [];
  for (const event of events) {
    const called = performance.now();
    await started.invoke(event);
    times.push(performance.now() - called);
  }
  const status = await readFile(`/proc/${started.pid}/status`, 'utf8');
  await started.stop();
  const [firstMs = 0, ...warm] = times;
  const peakMb = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1_024;
  return { loadMs, firstMs, warmMs: median(warm), peakMb };
}

function sentenceOf(rounds: readonly Measured[]): string {
  const of = (name: keyof Measured) => readable(Math.round(median(rounds.map((round) => round[name]))));
  const most = readable(Math.round(Math.max(...rounds.map(({ peakMb }) => peakMb))));
  return `loaded after ${of('loadMs')} ms, first call ${of('firstMs')} ms, then ${of('warmMs')} ms; ${most} MB resident`;
}

/** A batch of queue messages. Two may name the same work; only the first of them does anything. */
function queueEvent(ids: readonly string[]): unknown {
  const record = { attributes: {}, receiptHandle: 'none', eventSource: 'aws:sqs' };
  return { Records: ids.map((id) => ({ ...record, messageId: id, body: JSON.stringify({ id }) })) };
}

async function runOf(made: TestEngine, agentName: string): Promise<unknown> {
  const dispatch = sampleDispatch(made.now, {
    agents: [agentName],
    payload: { message: 'How much is 6 times 7?' },
  });
  await made.engine.runs.dispatch(dispatch);
  return queueEvent(dispatch.runs.map(({ runId }) => runId));
}

/** @param outputKb size of random texts, which compress poorly */
async function deliveriesOf(made: TestEngine, count: number, outputKb: number): Promise<unknown> {
  const planned = await Promise.all(
    Array.from({ length: count }, async () => {
      const dispatch = sampleDispatch(made.now, { agents: ['echo'] });
      const [{ runId } = { runId: '' }] = dispatch.runs;
      await made.engine.runs.dispatch(dispatch);
      const lease = sampleLease(made.now);
      await made.engine.runs.claim(runId, lease);
      const output = randomBytes(outputKb * 750).toString('base64');
      await made.engine.runs.end(runId, lease.owner, sampleEnd(made.now, { output }));
      return planDeliveries(made.engine, runId);
    }),
  );
  await takeMessages(made.clients, made.resources.deliveryQueueUrl);
  return queueEvent(planned.flat());
}
