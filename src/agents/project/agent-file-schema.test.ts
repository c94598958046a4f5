import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { jsonObject } from '../../core/json/json-value.ts';
import { schemaCheck } from '../run/json-schema.ts';
import { agentFileSchema } from './agent-file-schema.ts';

const root = join(import.meta.dirname, '../../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const examples = globSync('project/agents/**/*.yaml', { cwd: root });
const check = schemaCheck(agentFileSchema('agent'));

describe('the JSON Schema of agents', () => {
  test.each(['agent', 'agent-defaults'] as const)(
    'in docs/schemas/%s.json is what "connectors schema" prints: write it again if it differs',
    (file) => {
      expect(JSON.parse(read(`docs/schemas/${file}.json`))).toEqual(agentFileSchema(file));
    },
  );

  test.each(examples)('is named in the first line of %s, which it accepts', (file) => {
    const text = read(file);
    const [, named = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    const schema = jsonObject.parse(JSON.parse(readFileSync(resolve(root, dirname(file), named), 'utf8')));
    expect(schemaCheck(schema)(parse(text))).toBeNull();
    expect(schema['title']).toBe(file.endsWith('_defaults.yaml') ? 'Defaults of agents' : 'Agent');
  });

  test.each([
    [{ name: 'a', model: 'demo/scripted', tools: ['a.b', { 'c.d': 'context.x' }] }],
    [{ name: 'a' }],
    [{ name: 'a', type: 'tool', tool_name: 'a.b', max_concurrent_runs: 1 }],
    [{ name: 'a', type: 'sequential', agents: ['b'] }],
  ])('accepts %j: what is missing may be inherited', (agent) => {
    expect(check(agent)).toBeNull();
  });

  test.each([
    [{ model: 'demo/scripted' }],
    [{ name: 'a', modle: 'demo/scripted' }],
    [{ name: 'a', temperature: 3 }],
    [{ name: 'a', type: 'tool', model: 'demo/scripted' }],
    [{ name: 'a', type: 'sequential', tool_name: 'a.b' }],
    [{ name: 'a', agents: ['b'] }],
    [{ name: 'a', retry_options: { attempts: 11 } }],
  ])('refuses %j', (agent) => {
    expect(check(agent)).not.toBeNull();
  });
});
