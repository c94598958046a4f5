import { afterAll, describe, expect, test } from '@jest/globals';
import { loadProject } from './load-project.ts';
import { makeProject, removeProjects } from './test-project.ts';

afterAll(removeProjects);

const head = ['version: "1.0"', 'name: desk', 'model: demo/scripted'];

/** Loads one agent with these lines below its other fields, in an environment if one is given. */
async function load(lines: readonly string[], env?: Readonly<Record<string, string>>) {
  const project = await makeProject({
    'agents/desk.yaml': [...head, ...lines].join('\n'),
    'tools/orders.ts': 'export async function find(input: { id: string }) { return input; }',
  });
  return loadProject(project.projectDir, { ...project, ...(env === undefined ? {} : { env }) });
}

async function problems(lines: readonly string[], env?: Readonly<Record<string, string>>) {
  const loaded = await load(lines, env);
  return loaded.outcome === 'broken' ? loaded.problems : [];
}

describe('mcp_servers', () => {
  const crm = [
    'mcp_servers:',
    '  - name: crm',
    `    url: \${CRM_URL}`,
    '    headers:',
    `      Authorization: Bearer \${CRM_TOKEN}`,
    `      X-Customer: \${context.customer.id}`,
    '    tools: [find_*]',
  ];

  test('keep their variables, whose values belong to the machine that runs the agent', async () => {
    const env = { CRM_URL: 'https://crm.example.com/mcp', CRM_TOKEN: 'secret' };
    for (const loaded of [await load(crm), await load(crm, env)]) {
      if (loaded.outcome === 'broken') throw new Error(JSON.stringify(loaded.problems));
      expect(loaded.project.agents).toMatchObject([
        {
          mcpServers: [
            {
              name: 'crm',
              url: `\${CRM_URL}`,
              headers: { Authorization: `Bearer \${CRM_TOKEN}`, 'X-Customer': `\${context.customer.id}` },
              tools: ['find_*'],
              discoverable: false,
            },
          ],
        },
      ]);
    }
  });

  test('name the variables that are not set', async () => {
    expect(await problems(crm, { CRM_URL: 'https://crm.example.com/mcp', CRM_TOKN: 'secret' })).toEqual([
      {
        file: 'agents/desk.yaml',
        line: 8,
        field: 'mcp_servers.0.headers.Authorization',
        message: 'The variable CRM_TOKEN is not set. Did you mean "CRM_TOKN"?',
      },
    ]);
  });

  test.each<{ line: string; message: string }>([
    { line: 'url: crm', message: '"crm" is not an address such as https://mcp.example.com/mcp.' },
    {
      line: 'url: ftp://example.com',
      message: '"ftp://example.com" is not an address such as https://mcp.example.com/mcp.',
    },
    {
      line: 'url: https://ada:secret@example.com/mcp',
      message: 'The address contains a user name or a password. Put them into a header.',
    },
    {
      line: `url: https://\${context.tenant}.example.com/mcp`,
      message: `The address is the same for every run: \${context.tenant} can only be in headers.`,
    },
    {
      line: `url: https://example.com/\${not a name}`,
      message: `"\${not a name}" is not a variable such as \${CRM_TOKEN}; write $\${not a name} for this text itself.`,
    },
    {
      line: '{ url: https://example.com, headers: { Host: a } }',
      message: 'The header "Host" is set by the connection itself.',
    },
    {
      line: '{ url: https://example.com, headers: { "a b": c } }',
      message: '"a b" is not the name of a header.',
    },
    {
      line: '{ url: https://example.com, headers: { X-A: 1 } }',
      message: `Expected a map of names to texts, such as Authorization and "Bearer \${CRM_TOKEN}"; found 1.`,
    },
    {
      line: '{ url: https://example.com, tool: find }',
      message: 'There is no field "tool" in mcp_servers. Did you mean "tools"?',
    },
  ])('refuse $line', async ({ line, message }) => {
    const fields = line.startsWith('{')
      ? line.replace('{', '{ name: crm,')
      : `{ name: crm, ${line.replace(/url: (.*)/, 'url: "$1"')} }`;
    const found = await problems(['mcp_servers:', `  - ${fields}`]);
    expect(found).toMatchObject([{ file: 'agents/desk.yaml', line: 5, message }]);
  });

  test('have names of their own, also beside the modules in tools/', async () => {
    const server = (name: string) => `  - { name: ${name}, url: https://example.com/mcp }`;
    const found = await problems(['mcp_servers:', server('crm'), server('crm'), server('orders')]);
    expect(found.map(({ message }) => message)).toEqual([
      'Two servers have the name "crm".',
      'Tools of the server "orders" would have the same names as those of tools/orders.ts. Rename one of them.',
    ]);
  });

  test('have their tools chosen in the server, not in tools', async () => {
    const found = await problems([
      'tools: [crm.find_customer]',
      'mcp_servers: [{ name: crm, url: https://example.com/mcp }]',
    ]);
    expect(found.map(({ message }) => message)).toEqual([
      'Choose the tools of the MCP server "crm" in mcp_servers, under its own tools.',
    ]);
  });

  test('are inherited from _defaults.yaml, and replaced by one of the same name', async () => {
    const project = await makeProject({
      'agents/_defaults.yaml':
        'mcp_servers: [{ name: a, url: https://a.example.com }, { name: b, url: https://b.example.com }]',
      'agents/desk.yaml': [...head, 'mcp_servers: [{ name: b, url: https://other.example.com }]'].join('\n'),
    });
    const loaded = await loadProject(project.projectDir, project);
    if (loaded.outcome === 'broken') throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.project.agents).toMatchObject([
      { mcpServers: [{ name: 'a' }, { name: 'b', url: 'https://other.example.com' }] },
    ]);
  });
});
