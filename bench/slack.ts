import * as z from 'zod';
import { mention } from '../src/connectors/slack/sample-request.ts';
import { presets } from '../src/signatures/presets.ts';
import { signatureHeaders } from '../src/signatures/request-signature.ts';
import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { type Finding, p99, readable, timesText } from './report.ts';
import { body, connect, manage, startBenchProduct } from './servers.ts';

/** Slack waits for 3 s. */
const mostMs = 1_000;
const callers = 8;
const eventsPerRound = 100;
/** More than there are threads, so that each of them computes. */
const computingRuns = 50;
const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';

const created = z.looseObject({ url: z.url() });

/** Events of Slack while each thread that executes agents computes: how long Slack waits until they are acknowledged. */
export async function benchSlack(effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  try {
    const computing = await connect(product, 'inbound', 'computing');
    const answer = await manage(product, 'POST', '/connectors', {
      name: 'bench slack',
      type: 'slack',
      mode: 'inbound',
      config: { signing_secret: signingSecret, bot_token: 'xoxb-1-2-bench' },
      agents: ['noop'],
    });
    const { url } = created.parse(answer);
    let sent = 0;
    const event = () => {
      const now = Date.now();
      const text = JSON.stringify(mention('Hello', `bench-${++sent}`, now));
      const signature = signatureHeaders(presets.slack.scheme, [signingSecret], { body: text, now });
      return { url, headers: { 'content-type': 'application/json', ...signature }, body: text };
    };
    const times: number[] = [];
    for (let round = 0; round < effort.rounds; round++) {
      await measureLatencies({ ...computing, body }, computingRuns);
      const all = Array.from({ length: callers }, () => measureLatencies(event, eventsPerRound));
      times.push(...(await Promise.all(all)).flat());
    }
    const slowest = p99(times);
    return [
      { what: `${times.length} events, ${callers} at a time`, measured: timesText(times) },
      {
        what: 'p99',
        measured: `${readable(slowest)} ms`,
        budget: { text: `below ${mostMs} ms`, kept: slowest < mostMs },
      },
    ];
  } finally {
    await product.remove();
  }
}
