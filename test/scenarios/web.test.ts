import { expect, test } from '@jest/globals';
import { useTarget } from './target.ts';

const target = useTarget();

test('an agent reads a page of the web', async () => {
  const site = await target.startReceiver();
  site.answer(() => ({
    status: 200,
    headers: { 'content-type': 'text/html' },
    body: '<html><head><title>Opening hours</title></head><body><p>Open from <b>9 to 5</b>.</p></body></html>',
  }));
  const message = `call web_read_page ${JSON.stringify({ url: `${site.url}/hours` })}`;
  const { operator } = target;
  const run = await operator.ended(await operator.startRun('reader', { message }));
  expect(run).toMatchObject({
    status: 'completed',
    output: expect.stringContaining('Open from **9 to 5**.'),
  });
  expect(run.output).toContain('Opening hours');
});
