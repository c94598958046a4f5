import { describe, expect, test } from '@jest/globals';
import { messageOf } from '../../../src/core/errors.ts';
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

function isDelivered(run: wire.Run | undefined): boolean {
  return run?.deliveries[0]?.status === 'delivered';
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
      const found = new Map<string, wire.Run>();
      const late = await eventually(
        `every run of ${inbound.id} to be delivered`,
        async () => {
          // One after the other: this is a reader, not another load.
          for (const runId of runIds.filter((each) => !isDelivered(found.get(each)))) {
            found.set(runId, await operator.run(runId));
          }
          return runIds.every((runId) => isDelivered(found.get(runId)));
        },
        patienceMs,
      ).then(() => null, messageOf);
      const runs = [...found.values()];
      expect(runs.filter((run) => !isDelivered(run)).map(stateOf)).toEqual([]);
      expect(late).toBeNull();
      expect(new Set(runs.map(({ status, output }) => `${status}: ${output}`))).toEqual(
        new Set(['completed: was let go']),
      );
      for (const runId of interrupted) expect(found.get(runId)?.interruptions).toHaveLength(1);
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
