import { expect, test } from '@jest/globals';
import { takeMessages } from '../../../../test/aws/queue-messages.ts';
import { sampleDispatch } from '../../../../test/aws/samples.ts';
import { testEngine } from '../../../../test/aws/test-engine.ts';
import { triggerAgent } from '../../../core/runs/trigger-agent.ts';

test('an agent runs another, once however often its run is executed, and the run waits in the queue', async () => {
  const { engine, clients, resources, now } = await testEngine();
  const [parent] = sampleDispatch(now).runs;
  if (parent === undefined) throw new Error('the sample has a run');
  const trigger = { agentName: 'echo', payloadText: '{"a":1}', occurrence: 0, when: {}, waitSeconds: null };
  const never = new AbortController().signal;
  const first = await triggerAgent(engine, parent, trigger, never);
  expect(await triggerAgent(engine, parent, trigger, never)).toEqual(first);
  if (first.outcome === 'refused') throw new Error(first.reason);
  expect(await engine.runs.get(first.runId)).toMatchObject({
    agentName: 'echo',
    status: 'queued',
    parentRunId: parent.runId,
    chain: [parent.runId],
    payload: { text: '{"a":1}' },
  });
  expect(await takeMessages(clients, resources.runQueueUrl)).toEqual([first.runId]);
});
