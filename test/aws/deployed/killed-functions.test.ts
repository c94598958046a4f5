import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../scenarios/eventually.ts';
import { makeFlow } from '../../scenarios/flow.ts';
import type { Answer } from '../../scenarios/operator.ts';
import { type Address, sendJson } from '../../scenarios/sender.ts';
import { useTarget } from '../../scenarios/target.ts';
import * as wire from '../../scenarios/wire.ts';

const target = useTarget();
const { operator } = target;

/** So many runs are being executed when everything is killed, and so many triggers are sent around that time. */
const [held, triggers, senders] = [3, 24, 4];

/**
 * A lease of the agent is 90 s; then it takes the reconciler's next look, once a minute, and another one where a message
 * was lost. Only a failure waits so long.
 */
const patienceMs = 600_000;

/** Sends as a careful sender does: the same trigger again, under the same key, until it has been accepted. */
function sendUntilAccepted(address: Address, payload: object, key: string): Promise<string> {
  return eventually(`trigger ${key} to be accepted`, async () => {
    const answer: Answer | null = await sendJson(address, payload, { 'idempotency-key': key }).catch(
      () => null,
    );
    return answer?.status === 200 && wire.inboundAnswer.parse(answer.json).run_ids[0];
  });
}

/** A run and its delivery, for the message of a failure. */
function stateOf({ run_id, status, error, attempts, interruptions, deliveries }: wire.Run): string {
  const tries = `attempt ${attempts}, ${interruptions.length} interruptions`;
  const ended = error === null ? status : `${status} with ${error.code}: ${error.message}`;
  return `${run_id} ${ended} (${tries}), ${deliveries[0]?.status ?? 'not planned'}`;
}

describe('where all functions are killed in the middle of what they do', () => {
  test(
    'everything that was accepted is executed and delivered, under one id each, and nothing else is',
    async () => {
      const { receiver, inbound } = await makeFlow(target, { agent: 'briefly-held' });
      const door = await target.startReceiver();
      door.answer(() => ({ status: 503 }));
      const payload = { until: door.url };
      const keys = Array.from({ length: held + triggers }, (_, index) => `trigger-${index}`);
      const interrupted = await Promise.all(
        keys.splice(0, held).map((key) => sendUntilAccepted(inbound, payload, key)),
      );
      for (const runId of interrupted) await operator.runIn('running', runId);

      const accepted: string[] = [];
      const send = async () => {
        for (let key = keys.pop(); key !== undefined; key = keys.pop()) {
          accepted.push(await sendUntilAccepted(inbound, payload, key));
        }
      };
      const sending = Array.from({ length: senders }, send);
      await eventually('some triggers to be accepted', async () => accepted.length > triggers / 4);
      await target.crash();
      door.answer(() => ({ status: 200 }));
      await Promise.all(sending);

      const runIds = [...interrupted, ...accepted];
      const runs: wire.Run[] = [];
      await eventually(
        `every run of ${inbound.id} to be delivered`,
        async () => {
          runs.splice(0, runs.length, ...(await Promise.all(runIds.map((runId) => operator.run(runId)))));
          return runs.every(({ deliveries }) => deliveries[0]?.status === 'delivered');
        },
        patienceMs,
      ).catch(() => undefined);
      expect(runs.map(stateOf).filter((state) => !/ delivered$/.test(state))).toEqual([]);
      expect(new Set(runs.map(({ status, output }) => `${status}: ${output}`))).toEqual(
        new Set(['completed: was let go']),
      );
      for (const { interruptions } of runs.slice(0, held)) expect(interruptions).toHaveLength(1);
      expect(await operator.all(wire.runSummary, `/runs?connector=${inbound.id}`)).toHaveLength(
        runIds.length,
      );
      const delivered = receiver.requests.map(({ headers }) => String(headers['webhook-id']));
      expect([...new Set(delivered)].sort()).toEqual(
        runs.flatMap(({ deliveries }) => deliveries.map(({ delivery_id }) => delivery_id)).sort(),
      );
    },
    patienceMs + 120_000,
  );
});
