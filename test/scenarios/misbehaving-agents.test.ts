import { describe, expect, test } from '@jest/globals';
import { sendJson } from './sender.ts';
import { useTarget } from './target.ts';
import * as wire from './wire.ts';

const target = useTarget();
const { operator } = target;

describe('an agent that never gives its thread back', () => {
  test('does not keep the product from accepting, answering and running others, and ends at its timeout', async () => {
    const blocked = await operator.createConnector({ mode: 'inbound', agents: ['block'] });
    const other = await operator.createConnector({ mode: 'inbound', agents: ['echo'] });
    const quick = await operator.createConnector({ mode: 'sync', agents: ['shout'] });
    const answers = await Promise.all(Array.from({ length: 3 }, () => sendJson(blocked, {})));
    const runIds = answers.flatMap((answer) => wire.inboundAnswer.parse(answer.json).run_ids);
    await operator.runIn('running', runIds[0] ?? '');

    for (let count = 0; count < 10; count++) expect((await sendJson(other, { count })).status).toBe(200);
    const answer = wire.syncAnswer.parse((await sendJson(quick, { message: 'still here' })).json);
    expect(answer.result).toMatchObject({ status: 'completed', output: 'STILL HERE' });

    for (const runId of runIds) {
      const run = await operator.ended(runId);
      expect(run).toMatchObject({ status: 'failed', error: { code: 'timeout' } });
    }
  });
});

describe('an agent that ends what it runs in', () => {
  test('fails, and takes no other run with it', async () => {
    const exiting = await operator.startRun('exit', {});
    const others = await Promise.all(Array.from({ length: 5 }, () => operator.startRun('wait', { ms: 500 })));
    for (const runId of others) expect((await operator.ended(runId)).status).toBe('completed');
    const run = await operator.ended(exiting);
    expect(run.status).toBe('failed');
    // Refused where runs share a process; otherwise tried again as what the platform has interrupted.
    expect(['tool-error', 'attempts-exhausted']).toContain(run.error?.code);
    expect((await operator.ended(await operator.startRun('shout', { message: 'after' }))).output).toBe(
      'AFTER',
    );
  });
});
