import { expect, test } from '@jest/globals';
import { useTargetWithModel } from '../../scenarios/target-with-model.ts';
import { leaksOf, urlSecret, useSecrets } from '../../scenarios/used-secrets.ts';
import { places } from '../places.ts';
import { useWatch } from './use-watch.ts';

const { target } = useTargetWithModel(() => ({ text: '{"answer":"yes"}' }));
const watch = useWatch();

test('secrets are in no answer, log, setting or call to AWS, and readable in no record and no object', async () => {
  const since = Date.now();
  const { count } = await watch.calls();
  const { secrets, answers } = await useSecrets(target);
  const { logs, others } = await places(since);
  const calls = JSON.stringify((await watch.calls(count)).calls);
  expect(leaksOf(secrets, { ...answers, ...logs, ...others, 'a call to AWS': calls })).toEqual([]);
  expect(leaksOf({ 'the query of a receiver': `key=${urlSecret}` }, logs)).toEqual([]);
});

test('what is no secret is found there: in a record, an object and a log', async () => {
  const since = Date.now();
  const text = `needle-${since}-in-the-haystack`;
  const large = {
    text,
    more: Array.from({ length: 300_000 }, () => Math.random().toString(36).at(-1)).join(''),
  };
  const runId = await target.operator.startRun('echo', { text });
  await target.operator.ended(runId);
  await target.operator.ended(await target.operator.startRun('echo', large));
  const { logs, others } = await places(since);
  const found = [...leaksOf({ text }, others), ...leaksOf({ runId }, logs)];
  expect(found).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^text is in the table /),
      expect.stringMatching(/^text is in the object /),
      expect.stringMatching(/^runId is in the log .*Runner/),
    ]),
  );
});
