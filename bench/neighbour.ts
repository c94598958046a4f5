import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Effort } from './effort.ts';
import type { HostileConnections } from './hostile-connections.ts';
import type { HostileBody } from './hostile-sender.ts';
import { type HostileWork, measureBesideWork } from './hostile-work.ts';
import { measureLatencies } from './latency.ts';
import { type Finding, median, readable } from './report.ts';
import { adminToken, body, connect, type Side, startBenchProduct } from './servers.ts';

/** Ratio of a healthy sender's median beside a hostile one to its median alone. */
const mostRatio = 2;
const requestsPerRound = 300;

/** A sender of the bodies that cost most to read, one after the other. */
interface HostileSender {
  readonly what: string;
  readonly type: string;
  readonly body: HostileBody;
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A client with many connections and a bad habit. */
interface HostileClient {
  readonly what: string;
  readonly connectionsTo: (side: Side) => HostileConnections;
}

type Hostile = HostileSender | HostileClient;

/** A healthy sender of small events, alone and beside a hostile sender, client, agent, or receiver. */
export async function benchNeighbour(effort: Effort): Promise<Finding[]> {
  const findings = await besideSenders(effort);
  for (const work of works.filter((one) => isWanted(one, effort))) {
    const { alone, beside } = await measureBesideWork(work, requestsPerRound, effort);
    findings.push(finding(work, alone, beside));
  }
  return findings;
}

function isWanted({ what }: { readonly what: string }, { only = '' }: Effort): boolean {
  return what.includes(only);
}

async function besideSenders(effort: Effort): Promise<Finding[]> {
  const product = await startBenchProduct();
  try {
    const healthy = { ...(await connect(product, 'inbound', 'noop')), body };
    await measureLatencies(healthy, requestsPerRound);
    const findings: Finding[] = [];
    for (const hostile of attacks.filter((one) => isWanted(one, effort))) {
      const side = await connect(product, 'inbound', 'noop', 'config' in hostile ? hostile.config : {});
      const times = { alone: [] as number[], beside: [] as number[] };
      for (let round = 0; round < effort.rounds; round++) {
        times.alone.push(...(await measureLatencies(healthy, requestsPerRound)));
        const sender = await begin(side, hostile);
        times.beside.push(...(await measureLatencies(healthy, requestsPerRound)));
        sender.kill();
        await once(sender, 'exit');
      }
      findings.push(finding(hostile, times.alone, times.beside));
    }
    return findings;
  } finally {
    await product.remove();
  }
}

const million = 1_000_000;
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const keys = { start: '{', piece: '"k#":0,', times: million, end: '"last":0}' };

const attacks: readonly Hostile[] = [
  { what: 'JSON with a million keys', type: json, body: keys },
  {
    what: 'JSON with a million keys, which its connector takes',
    type: json,
    body: keys,
    config: { max_keys: 2 * million },
  },
  { what: 'JSON with 90,000 keys', type: json, body: { ...keys, times: 90_000 } },
  {
    what: 'a form with a million fields',
    type: form,
    body: { start: 'a=1', piece: '&k#=1', times: million, end: '' },
  },
  {
    what: 'a form with one field of 4 million escapes',
    type: form,
    body: { start: 'a=', piece: '%41', times: 4 * million, end: '' },
  },
  {
    what: 'a multipart form with 200,000 parts',
    type: 'multipart/form-data; boundary=b',
    body: {
      start: '',
      piece: '--b\r\nContent-Disposition: form-data; name="k#"\r\n\r\n1\r\n',
      times: 200_000,
      end: '--b--\r\n',
    },
  },
  {
    what: '50 connections that send requests without waiting for answers',
    connectionsTo: ({ url, headers }) => ({
      connections: 50,
      habit: 'pipeline',
      request: `${head('POST', url, { ...headers, 'content-length': String(body.length) })}${body}`,
    }),
  },
  {
    what: '32 connections that ask for the description of the API',
    connectionsTo: ({ url }) => ({
      connections: 32,
      habit: 'ask',
      request: head('GET', new URL('/api/v1/openapi.json', url).href, {}),
    }),
  },
  {
    what: '50 readers of events that read nothing',
    connectionsTo: ({ url }) => ({
      connections: 50,
      habit: 'stall',
      request: head('GET', new URL('/api/v1/events', url).href, { authorization: `Bearer ${adminToken}` }),
    }),
  },
];

const works: readonly HostileWork[] = [
  { what: 'an agent that computes without end', agent: 'computing' },
  { what: 'an agent that takes all memory', agent: 'filling' },
  { what: 'a receiver that never answers', agent: 'delivering', receiver: 'silent' },
  { what: 'a receiver whose answers never end', agent: 'delivering', receiver: 'endless' },
];

function head(method: string, url: string, headers: Readonly<Record<string, string>>): string {
  const { host, pathname } = new URL(url);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  return `${[`${method} ${pathname} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`;
}

/** Starts a separate process. Resolves when its first body was answered, or all its connections are open. */
async function begin(side: Side, hostile: Hostile): Promise<ChildProcess> {
  const isSender = 'body' in hostile;
  const file = isSender ? 'hostile-sender.ts' : 'hostile-connections.ts';
  const child = fork(join(import.meta.dirname, file));
  const { url } = side;
  if (isSender)
    child.send({ url, headers: { ...side.headers, 'content-type': hostile.type }, ...hostile.body });
  else child.send({ url, ...hostile.connectionsTo(side) });
  await once(child, 'message');
  return child;
}

function finding(
  { what }: { readonly what: string },
  alone: readonly number[],
  beside: readonly number[],
): Finding {
  const ratio = median(beside) / median(alone);
  return {
    what: `beside ${what}`,
    measured: `median ${readable(median(beside))} ms, alone ${readable(median(alone))} ms, ratio ${readable(ratio)}`,
    budget: { text: `at most ${mostRatio}`, kept: ratio <= mostRatio },
  };
}
