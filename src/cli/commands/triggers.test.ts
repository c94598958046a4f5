import { expect, test } from '@jest/globals';
import { useCommandTarget } from '../../../test/command-target.ts';
import { runPage } from '../../api/contract/index.ts';

const target = useCommandTarget();
const { text, json, make } = target;

test('what came in is shown, and what was refused with the reason', async () => {
  await make('arrivals', 'inbound', ['echo']);
  expect(await text('refused', '--connector', 'arrivals')).toBe('No refused requests in the last day.\n');
  await text('send', 'arrivals', '{"word": "hello"}');
  const [run] = (await json(runPage, 'runs', '--connector', 'arrivals')).items;
  const shown = await text('triggers', run?.trigger_id ?? '');
  expect(shown).toContain('"word": "hello"');
  expect(shown).toMatch(/request +POST, \d+ bytes/);
  expect(shown).toMatch(/x-connic-secret +\[redacted\]/);
  expect(shown).toContain(run?.run_id);
  const { connector_id: connectorId } = run ?? {};
  await fetch(`${target.product.url}/webhooks/${connectorId}`, { method: 'POST', body: '{}' });
  const listed = await text('refused', '--connector', 'arrivals');
  expect(listed).toMatch(/401 +unauthorized/);
  expect(listed).toContain('The request has no secret.');
});
