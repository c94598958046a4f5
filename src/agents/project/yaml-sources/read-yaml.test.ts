import { describe, expect, test } from '@jest/globals';
import { placeOf, plainValue } from './located-value.ts';
import { readYaml } from './read-yaml.ts';

function read(text: string) {
  const result = readYaml('agents/a.yaml', text);
  if (result.outcome === 'broken') throw new Error(result.problems[0]?.message);
  return result.value;
}

test('values are read as YAML 1.2 has them, and know their lines', () => {
  const text = [
    '# an agent',
    'name: a',
    'effort: off',
    'session:',
    '  key: x',
    'tools:',
    '  - one',
    '  - two: x > 1',
  ];
  const value = read(text.join('\n'));
  expect(plainValue(value)).toEqual({
    name: 'a',
    effort: 'off',
    session: { key: 'x' },
    tools: ['one', { two: 'x > 1' }],
  });
  const lineAt = (...path: PropertyKey[]) => placeOf(value, path).line;
  expect([lineAt('name'), lineAt('session', 'key'), lineAt('tools', 1), lineAt('tools', 1, 'two')]).toEqual([
    2, 5, 8, 8,
  ]);
  expect([lineAt(), lineAt('missing'), lineAt('session', 'missing')]).toEqual([2, 2, 4]);
});

test('a byte order mark and Windows line ends change nothing', () => {
  const value = read('\uFEFFname: a\r\nprompt: |\r\n  one\r\n  two\r\n');
  expect(plainValue(value)).toEqual({ name: 'a', prompt: 'one\ntwo\n' });
  expect(placeOf(value, ['prompt']).line).toBe(2);
});

test('a field named __proto__ is only a field', () => {
  expect(Object.keys(Object(plainValue(read('__proto__: 1'))))).toEqual(['__proto__']);
});

describe('a file that cannot be read says why and where', () => {
  test.each([
    ['name: a\nmodel: b\nname: c', 3, 'The field "name" is repeated here.'],
    ['tools:\n\t- one', 2, 'YAML is indented with spaces; this line has a tab.'],
    ['name: a\n---\nname: b', 2, 'A file must contain one agent; "---" starts a second document here.'],
    ['? [a]\n: b', 1, 'The name of a field must be text.'],
    ['', 1, 'The file is empty: expected the fields of an agent.'],
    ['# nothing', 1, 'The file is empty: expected the fields of an agent.'],
    ['- name', 1, 'Expected fields such as "name: my-agent", one per line.'],
    ['name', 1, 'Expected fields such as "name: my-agent", one per line.'],
    ['a: &x one\nb: *x', 2, 'Anchors and aliases ("&", "*") are not supported; write the value out.'],
    ['a: "x', 1, 'This is not valid YAML: Missing closing "quote.'],
    [
      "tools:\n  - a.b: 'x' in context.c",
      2,
      'This is not valid YAML: Unexpected scalar at node end. A text that starts with a quote or a sign, or holds ": ", must be quoted as a whole.',
    ],
    ['a: !!js/function 3', 1, 'This is not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function.'],
  ])('%j', (text, line, message) => {
    expect(readYaml('agents/a.yaml', text)).toEqual({
      outcome: 'broken',
      problems: [{ file: 'agents/a.yaml', line, field: null, message }],
    });
  });
});

test('all lines that cannot be read are named, each once', () => {
  const result = readYaml('agents/a.yaml', 'name: a\nname: b\nmodel: c\nmodel: d');
  expect(result).toMatchObject({ outcome: 'broken', problems: [{ line: 2 }, { line: 4 }] });
});
