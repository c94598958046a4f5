import { expect, test } from '@jest/globals';
import { placeOf, plainValue } from './located-value.ts';
import { mergeLocated } from './merge-located.ts';
import { readYaml } from './read-yaml.ts';

function read(file: string, text: string) {
  const result = readYaml(file, text);
  if (result.outcome === 'broken') throw new Error(result.problems[0]?.message);
  return result.value;
}

function merge(base: string, overlay: string) {
  return mergeLocated(read('agents/_defaults.yaml', base), read('agents/a.yaml', overlay));
}

test('scalars override, maps merge deep', () => {
  const merged = merge(
    'model: one\nretry_options: { attempts: 3, max_delay: 30 }\nsession: { key: a }',
    'model: two\nretry_options: { attempts: 5 }\nsession: off',
  );
  expect(plainValue(merged)).toEqual({
    model: 'two',
    retry_options: { attempts: 5, max_delay: 30 },
    session: 'off',
  });
});

test('lists append without repeats, what is inherited first', () => {
  const merged = merge(
    'tools: [audit.log, orders.find, "orders.refund"]\nmcp_servers: [{ name: a, url: one }, { name: b }]',
    'tools: [{ orders.refund: context.admin }, orders.find]\nmcp_servers: [{ name: a, url: two }]',
  );
  expect(plainValue(merged)).toEqual({
    tools: ['audit.log', { 'orders.refund': 'context.admin' }, 'orders.find'],
    mcp_servers: [{ name: 'b' }, { name: 'a', url: 'two' }],
  });
});

test('every value keeps the place it was written at', () => {
  const merged = merge(
    'timeout: 5\nretry_options:\n  attempts: 3',
    'name: a\nretry_options:\n  max_delay: 3',
  );
  expect(placeOf(merged, ['timeout'])).toEqual({ file: 'agents/_defaults.yaml', line: 1 });
  expect(placeOf(merged, ['retry_options', 'attempts'])).toEqual({ file: 'agents/_defaults.yaml', line: 3 });
  expect(placeOf(merged, ['retry_options', 'max_delay'])).toEqual({ file: 'agents/a.yaml', line: 3 });
  expect(placeOf(merged, ['model'])).toEqual({ file: 'agents/a.yaml', line: 1 });
});
