import { afterAll, describe, expect, test } from '@jest/globals';
import { agentCatalog } from './agent-catalog.ts';
import { loadProject } from './load-project.ts';
import { makeProject, removeProjects } from './test-project.ts';

afterAll(removeProjects);

const tools = `
interface Address { city: string; floor?: number }
export async function ship(order: {
  order_id: string; cents: number; express: boolean; speed: 'slow' | 'fast';
  address: Address; parts: string[]; note?: string;
}) {}
export async function any(input: unknown) {}
`;

async function samplesOf(agents: Readonly<Record<string, string>>) {
  const files = Object.entries(agents).map(([name, rest]) => [
    `agents/${name}.yaml`,
    `version: "1.0"\nname: ${name}\n${rest}`,
  ]);
  const project = await makeProject({ 'tools/orders.ts': tools, ...Object.fromEntries(files) });
  const load = await loadProject(project.projectDir, project);
  if (load.outcome === 'broken') return load.problems;
  const catalog = agentCatalog(load.project);
  return Object.fromEntries(catalog.list().map(({ name, samplePayload }) => [name, samplePayload]));
}

const ship = 'type: tool\ntool_name: orders.ship\n';

describe('the sample payload of an agent', () => {
  test('is what its file says', async () => {
    const samples = await samplesOf({ one: `${ship}sample: {order_id: A-1, address: {city: Rome}}` });
    expect(samples).toEqual({ one: { order_id: 'A-1', address: { city: 'Rome' } } });
  });

  test('else has the required fields of its tool, or of its first step', async () => {
    const sample = {
      order_id: 'Hello',
      cents: 1,
      express: true,
      speed: 'slow',
      address: { city: 'Hello', floor: 1 },
      parts: ['Hello'],
    };
    const samples = await samplesOf({
      one: ship,
      any: 'type: tool\ntool_name: orders.any\n',
      both: 'type: sequential\nagents: [one, any]\n',
    });
    expect(samples).toEqual({ one: sample, any: { message: 'Hello' }, both: sample });
  });

  test('else is a message', async () => {
    expect(await samplesOf({ chat: 'model: demo/scripted' })).toEqual({ chat: { message: 'Hello' } });
  });

  test('must fit the input schema of its agent', async () => {
    const project = await makeProject({
      'agents/one.yaml':
        'version: "1.0"\nname: one\nmodel: demo/scripted\ninput_schema: order\nsample: {id: 7}\n',
      'schemas/order.json': '{"properties": {"id": {"type": "string"}}}',
    });
    expect(await loadProject(project.projectDir, project)).toMatchObject({
      problems: [
        {
          file: 'agents/one.yaml',
          line: 5,
          field: 'sample',
          message: 'The sample does not fit the input schema: "id" must be string.',
        },
      ],
    });
  });

  test('is never inherited', async () => {
    const project = await makeProject({ 'agents/_defaults.yaml': 'version: "1.0"\nsample: {a: 1}\n' });
    expect(await loadProject(project.projectDir, project)).toMatchObject({
      outcome: 'broken',
      problems: [{ file: 'agents/_defaults.yaml', line: 2, field: 'sample' }],
    });
  });
});
