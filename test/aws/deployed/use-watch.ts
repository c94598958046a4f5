import { afterEach } from '@jest/globals';
import type { AwsCall } from '../aws-call.ts';
import { type FaultRule, type Watch, watchAt } from '../watch.ts';

export interface DeployedWatch extends Watch {
  /** The calls of a function while `doing` goes on; functions go by the start of their logical ids. */
  callsDuring<Answer>(
    caller: string,
    doing: () => Promise<Answer>,
  ): Promise<{ answer: Answer; calls: AwsCall[] }>;
}

/** The calls that deployed functions make; after each test they fail no more. */
export function useWatch(): DeployedWatch {
  const watch = watchAt(process.env['WATCH_URL'] ?? '');
  afterEach(() => watch.fail());
  return {
    ...watch,
    async callsDuring(caller, doing) {
      const { length: before } = await watch.calls();
      const answer = await doing();
      const calls = (await watch.calls()).slice(before);
      return { answer, calls: calls.filter((call) => call.caller?.startsWith(caller)) };
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
