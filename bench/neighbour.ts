import { Agent, request } from 'node:http';
import type { Effort } from './effort.ts';
import { measureLatencies } from './latency.ts';
import { type Finding, median, readable } from './report.ts';
import { body, connect, type Side, startBenchProduct } from './servers.ts';

/** Of a healthy sender's median, beside a hostile one, to that of the same sender alone. */
const mostRatio = 2;
const requestsPerRound = 300;

interface HostileBody {
  readonly what: string;
  readonly type: string;
  readonly bytes: Buffer;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A healthy sender of small events, alone and beside one that sends what costs most, one body after the other. */
export async function benchNeighbour(effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  try {
    const healthy = { ...(await connect(product, 'inbound', 'noop')), body };
    await measureLatencies(healthy, requestsPerRound);
    const findings: Finding[] = [];
    for (const hostile of hostileBodies()) {
      const side = await connect(product, 'inbound', 'noop', hostile.config);
      const times = { alone: [] as number[], beside: [] as number[] };
      for (let round = 0; round < effort.rounds; round++) {
        times.alone.push(...(await measureLatencies(healthy, requestsPerRound)));
        const attack = send(side, hostile);
        times.beside.push(...(await measureLatencies(healthy, requestsPerRound)));
        await attack.stop();
      }
      findings.push(finding(hostile, times.alone, times.beside));
    }
    return findings;
  } finally {
    await product.remove();
  }
}

function hostileBodies(): HostileBody[] {
  const million = Array.from({ length: 1_000_000 }, (_, index) => index);
  const object = Buffer.from(`{${million.map((index) => `"k${index}":${index % 10}`).join()}}`);
  const part = '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n';
  return [
    { what: 'JSON with a million keys', type: 'application/json', bytes: object },
    {
      what: 'JSON with a million keys, which its connector takes',
      type: 'application/json',
      bytes: object,
      config: { max_keys: 2_000_000 },
    },
    {
      what: 'JSON with 90,000 keys',
      type: 'application/json',
      bytes: Buffer.from(
        `{${million
          .slice(0, 90_000)
          .map((index) => `"k${index}":0`)
          .join()}}`,
      ),
    },
    {
      what: 'a form with a million fields',
      type: 'application/x-www-form-urlencoded',
      bytes: Buffer.from(million.map((index) => `k${index}=1`).join('&')),
    },
    {
      what: 'a form with one field of 4 million escapes',
      type: 'application/x-www-form-urlencoded',
      bytes: Buffer.from(`a=${'%41'.repeat(4_000_000)}`),
    },
    {
      what: 'a multipart form with 200,000 parts',
      type: 'multipart/form-data; boundary=b',
      bytes: Buffer.from(`${part.repeat(200_000)}--b--\r\n`),
    },
  ];
}

/** Sends the body again and again over one connection, whatever is answered. */
function send({ url, headers }: Side, { type, bytes }: HostileBody): { stop(): Promise<void> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let stopped = false;
  const attack = (async () => {
    while (!stopped) {
      await new Promise<void>((resolve) => {
        const options = { method: 'POST', headers: { ...headers, 'content-type': type }, agent };
        const sent = request(url, options, (answer) => answer.resume().on('close', resolve));
        sent.on('error', () => resolve());
        sent.end(bytes);
      });
    }
    agent.destroy();
  })();
  return {
    stop() {
      stopped = true;
      return attack;
    },
  };
}

function finding({ what }: HostileBody, alone: readonly number[], beside: readonly number[]): Finding {
  const ratio = median(beside) / median(alone);
  return {
    what: `beside ${what}`,
    measured: `median ${readable(median(beside))} ms, alone ${readable(median(alone))} ms, ratio ${readable(ratio)}`,
    budget: { text: `at most ${mostRatio}`, kept: ratio <= mostRatio },
  };
}
