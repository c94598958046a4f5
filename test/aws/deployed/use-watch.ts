import { afterEach } from '@jest/globals';
import type { AwsCall } from '../aws-call.ts';
import { type FaultRule, type Watch, watchAt } from '../watch.ts';

export interface DeployedWatch extends Watch {
  /** The calls of a function after the first `from` of all; functions go by the start of their logical ids. */
  callsOf(caller: string, from: number): Promise<AwsCall[]>;
  /** The calls of a function while `doing` goes on. */
  callsDuring<Answer>(
    caller: string,
    doing: () => Promise<Answer>,
  ): Promise<{ answer: Answer; calls: AwsCall[] }>;
}

/** The calls that deployed functions make; after each test they fail no more. */
export function useWatch(): DeployedWatch {
  const watch = watchAt(process.env['WATCH_URL'] ?? '');
  afterEach(() => watch.fail());
  const callsOf = async (caller: string, from: number) => {
    const { calls } = await watch.calls(from);
    return calls.filter((call) => call.caller?.startsWith(caller));
  };
  return {
    ...watch,
    callsOf,
    async callsDuring(caller, doing) {
      const { count } = await watch.calls();
      const answer = await doing();
      return { answer, calls: await callsOf(caller, count) };
    },
  };
}

/** The logical ids of functions start so. */
export const functions = {
  webhook: 'ConnectorsFunctionsWebhook',
  runner: 'ConnectorsFunctionsRunner',
  outbound: 'ConnectorsFunctionsOutbound',
  deliver: 'ConnectorsFunctionsDeliver',
  api: 'ConnectorsFunctionsApi',
} as const;

/** DynamoDB fails for one function as long as the rule holds. */
export function tableFails(caller: string, fault: FaultRule['fault'], times?: number): FaultRule {
  return { caller, service: 'dynamodb', fault, ...(times === undefined ? {} : { times }) };
}
