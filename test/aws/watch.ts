import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import * as z from 'zod';
import { type LocalServer, serveLocally } from '../local-server.ts';
import { type AwsCall, awsCall } from './aws-call.ts';
import { type Fault, fault, type WatchedAccount } from './watched-account.ts';

/** Which calls fail, and how. What is left out means any. */
const faultRule = z.object({
  /** How the caller's name starts: a deployed function's logical id. */
  caller: z.string().optional(),
  service: z.string().optional(),
  /** Such as `DynamoDB PutItem`. */
  call: z.string().optional(),
  fault,
  /** How often; absent: until there is another rule. */
  times: z.number().optional(),
});
export type FaultRule = z.infer<typeof faultRule>;

/** How many calls there were so far, and those that were asked for. */
const seenCalls = z.object({ count: z.int(), calls: z.array(awsCall) });
type SeenCalls = z.infer<typeof seenCalls>;

/** The watched account, from another process. */
export interface Watch {
  /** @param from how many of the first calls are left out; absent: all are, and only their number is told */
  calls(from?: number): Promise<SeenCalls>;
  /** From now on these rules hold, the first that fits, and no others. */
  fail(...rules: readonly FaultRule[]): Promise<void>;
}

/** Lets other processes look into a watched account, and let its calls fail. */
export function serveWatch(account: WatchedAccount): Promise<LocalServer> {
  return serveLocally((request, response) => void serve(account, request, response));
}

/** Answers with what is asked for only: while thousands of calls are written out, no function's call gets through. */
async function serve(account: WatchedAccount, request: IncomingMessage, response: ServerResponse) {
  if (request.method === 'PUT') account.fault = faultsBy(z.array(faultRule).parse(await json(request)));
  const { length: count } = account.calls;
  const from = new URL(request.url ?? '/', 'http://watch').searchParams.get('from') ?? count;
  response.end(JSON.stringify({ count, calls: account.calls.slice(Number(from)) } satisfies SeenCalls));
}

function faultsBy(rules: readonly FaultRule[]): (call: AwsCall) => Fault {
  const left = rules.map(({ times = Number.POSITIVE_INFINITY }) => times);
  return (call) => {
    const found = rules.findIndex((rule, index) => (left[index] ?? 0) > 0 && fits(rule, call));
    if (found === -1) return 'none';
    left[found] = (left[found] ?? 0) - 1;
    return rules[found]?.fault ?? 'none';
  };
}

function fits(rule: FaultRule, { caller, service, name }: AwsCall): boolean {
  if (rule.caller !== undefined && caller?.startsWith(rule.caller) !== true) return false;
  if (rule.service !== undefined && rule.service !== service) return false;
  return rule.call === undefined || rule.call === name;
}

/** @param url of `serveWatch` */
export function watchAt(url: string): Watch {
  return {
    async calls(from) {
      const answer = await fetch(from === undefined ? url : `${url}?from=${from}`);
      return seenCalls.parse(await answer.json());
    },
    async fail(...rules) {
      await fetch(url, { method: 'PUT', body: JSON.stringify(rules) });
    },
  };
}
