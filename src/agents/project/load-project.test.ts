import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { AbortTool } from '../agent-code.ts';
import type { ProjectCode } from '../agent-project.ts';
import { loadProject } from './load-project.ts';
import { makeProject, removeProjects } from './test-project.ts';

afterAll(removeProjects);

const llm = 'version: "1.0"\nname: a\nmodel: demo/scripted\n';
const tools = `
  export async function findOrder(input: { id: string }) { return input.id; }
  export async function searchOrders() {}
  export async function searchCustomers() {}
  export function format() {}
`;

/** Loads a project of these files and returns its problems, one per line. */
async function problemsOf(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const project = await makeProject(files);
  const load = await loadProject(project.projectDir, project);
  if (load.outcome === 'loaded') return [];
  return load.problems.map(
    ({ file, line, field, message }) =>
      `${file}:${line ?? '-'} ${field ?? '-'}: ${message.replaceAll(project.projectDir, 'PROJECT')}`,
  );
}

/** Loads a valid project and returns its agents. */
async function agentsOf(files: Readonly<Record<string, string>>) {
  const project = await makeProject(files);
  const load = await loadProject(project.projectDir, project);
  if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
  return load.project.agents;
}

describe('fields that do not fit', () => {
  test.each([
    ['name: a\nmodel: b/c', 'agents/a.yaml:1 version: This is missing: expected "1.0", in quotes.'],
    ['version: 1.0\nname: a\nmodel: b/c', 'agents/a.yaml:1 version: Expected "1.0", in quotes; found 1.'],
    [
      'version: "1.0"\nname: Order Desk\nmodel: b/c',
      'agents/a.yaml:2 name: Expected lower-case letters, digits and hyphens, at most 64, such as order-desk; found "Order Desk".',
    ],
    [
      'version: "1.0"\nname: a',
      'agents/a.yaml:1 model: This is missing: expected provider/model, such as gemini/gemini-2.5-flash.',
    ],
    [
      'version: "1.0"\nname: a\nmodel: gpt-5.2',
      'agents/a.yaml:3 model: Expected provider/model, such as gemini/gemini-2.5-flash; found "gpt-5.2".',
    ],
    [`${llm}type: workflow`, 'agents/a.yaml:4 type: Expected llm, sequential or tool; found "workflow".'],
    [`${llm}temperature: 3`, 'agents/a.yaml:4 temperature: Expected a number from 0 to 2; found 3.'],
    [`${llm}temperature: "0.5"`, 'agents/a.yaml:4 temperature: Expected a number from 0 to 2; found "0.5".'],
    [`${llm}timeout: 4`, 'agents/a.yaml:4 timeout: Expected a number of seconds from 5 to 86400; found 4.'],
    [
      `${llm}max_iterations: 1.5`,
      'agents/a.yaml:4 max_iterations: Expected a whole number of model calls from 1 to 1000; found 1.5.',
    ],
    [
      `${llm}reasoning_effort: huge`,
      'agents/a.yaml:4 reasoning_effort: Expected auto, off, minimal, low, medium, high or xhigh; found "huge".',
    ],
    [`${llm}system_prompt:`, 'agents/a.yaml:4 system_prompt: Expected a text; found nothing.'],
    [
      `${llm}retry_options:\n  attempts: 11`,
      'agents/a.yaml:5 retry_options.attempts: Expected a whole number of attempts from 1 to 10; found 11.',
    ],
    [
      `${llm}retry_options:\n  max_dealy: 1`,
      'agents/a.yaml:5 retry_options.max_dealy: There is no field "max_dealy" in retry_options. Did you mean "max_delay"?',
    ],
    [
      `${llm}retry_options: 3`,
      'agents/a.yaml:4 retry_options: Expected the fields attempts, initial_delay, max_delay and rerun_middleware; found 3.',
    ],
    [
      `${llm}max_concurrent_runs: 0`,
      'agents/a.yaml:4 max_concurrent_runs: Expected a whole number of runs, at least 1; found 0.',
    ],
    [
      `${llm}concurrency:\n  key: a..b\n  on_conflict: wait`,
      'agents/a.yaml:5 concurrency.key: Expected a dot path into the payload, such as order.customer_id; found "a..b".',
      'agents/a.yaml:6 concurrency.on_conflict: Expected queue or drop; found "wait".',
    ],
    [
      `${llm}session:\n  ttl: 5`,
      'agents/a.yaml:4 session.key: This is missing: expected a dot path into payload or context, such as input.chat_id or context.user_id.',
      'agents/a.yaml:5 session.ttl: Expected a whole number of seconds, at least 60; found 5.',
    ],
    [
      `${llm}output_schema: ../secret`,
      'agents/a.yaml:4 output_schema: Expected the name of a file in schemas/, such as answer; found "../secret".',
    ],
    [
      `${llm}tools: orders.find`,
      'agents/a.yaml:4 tools: Expected a list of at most 100 tools, each "module.function" or "module.function: condition"; found "orders.find".',
    ],
    [
      `${llm}tools:\n  - a.b: x\n    c.d: y`,
      'agents/a.yaml:5 tools.0: Expected a list of at most 100 tools, each "module.function" or "module.function: condition"; found {"a.b":"x","c.d":"y"}.',
    ],
    [`${llm}modle: x`, 'agents/a.yaml:4 modle: There is no field "modle". Did you mean "model"?'],
    [`${llm}api_key: sk-123`, 'agents/a.yaml:4 api_key: There is no field "api_key".'],
    [
      `${llm}agents: [b]`,
      'agents/a.yaml:4 agents: "agents" is a field of sequential agents, and this is an llm agent.',
    ],
    [
      'version: "1.0"\nname: a\ntype: sequential\nagents: []\nmax_concurrent_runs: 1',
      'agents/a.yaml:4 agents: Expected a list of agent names, at least one; found [].',
      'agents/a.yaml:5 max_concurrent_runs: "max_concurrent_runs" is a field of llm and tool agents, and this is a sequential agent.',
    ],
    [
      'version: "1.0"\nname: a\ntype: tool',
      'agents/a.yaml:1 tool_name: This is missing: expected a tool, such as orders.findOrder.',
    ],
  ])('%j', async (text, ...problems) => {
    expect(await problemsOf({ 'agents/a.yaml': text })).toEqual(problems);
  });
});

describe('tools that are not there', () => {
  test.each([
    [
      'orders.findOrdr',
      'tools/orders.ts exports no async function "findOrdr". Did you mean "orders.findOrder"?',
    ],
    ['orders.format', '"orders.format" is not async: a tool is an exported async function.'],
    ['orders.delete*', '"orders.delete*" fits no tool in tools/orders.ts.'],
    [
      'order.findOrder',
      'There is no file tools/order.ts for "order.findOrder". Did you mean "orders.findOrder"?',
    ],
    ['findOrder', '"findOrder" is not a tool: expected "module.function".'],
    ['web_serch', '"web_serch" is not a tool: expected "module.function". Did you mean "web_search"?'],
    ['db_find', 'The tool "db_find" is not supported yet (predefined_tools). Write a function in tools/.'],
    [
      'api:stripe.*',
      'The tool "api:stripe.*" is not supported yet (api_tools). Write a function in tools/ that calls the API.',
    ],
    [
      'orders.findOrder: context.admin = True',
      'The condition of "orders.findOrder" is invalid at character 15: "=" assigns, which a condition cannot do; compare with "==".',
    ],
  ])('%s', async (tool, message) => {
    const files = { 'agents/a.yaml': `${llm}tools:\n  - ${tool}`, 'tools/orders.ts': tools };
    expect(await problemsOf(files)).toEqual([`agents/a.yaml:5 tools.0: ${message}`]);
  });

  test('a tool that is listed twice with different conditions', async () => {
    const text = `${llm}tools:\n  - orders.findOrder\n  - orders.findOrder: context.admin`;
    expect(await problemsOf({ 'agents/a.yaml': text, 'tools/orders.ts': tools })).toEqual([
      'agents/a.yaml:6 tools.1: "orders.findOrder" is listed twice with different conditions.',
    ]);
  });

  test('the tool of a tool agent', async () => {
    const text = 'version: "1.0"\nname: a\ntype: tool\ntool_name: orders.*';
    expect(await problemsOf({ 'agents/a.yaml': text, 'tools/orders.ts': tools })).toEqual([
      'agents/a.yaml:4 tool_name: "orders.*" fits no tool in tools/orders.ts.',
    ]);
  });
});

test('wildcards stand for all tools that fit; a tool named in full goes before them', async () => {
  const text = `${llm}tools:\n  - orders.search*\n  - orders.findOrder: 'context.admin'\n  - orders.*\n`;
  const [agent] = await agentsOf({
    'agents/a.yaml': text,
    'tools/orders.ts': tools.replace('export function', 'function'),
  });
  expect(agent).toMatchObject({
    tools: [
      { name: 'orders.searchOrders', condition: null },
      { name: 'orders.searchCustomers', condition: null },
      { name: 'orders.findOrder', condition: 'context.admin' },
    ],
  });
});

describe('agents that name each other', () => {
  const sequence = (name: string, ...steps: string[]) =>
    `version: "1.0"\nname: ${name}\ntype: sequential\nagents: [${steps.join(', ')}]\n`;

  test('a step that does not exist', async () => {
    expect(
      await problemsOf({ 'agents/a.yaml': llm, 'agents/all.yaml': sequence('all', 'a', 'classifer') }),
    ).toEqual(['agents/all.yaml:4 agents.1: There is no agent named "classifer".']);
  });

  test('a circle, told from each of its agents', async () => {
    const files = { 'agents/x.yaml': sequence('x', 'y'), 'agents/y.yaml': sequence('y', 'x') };
    expect(await problemsOf(files)).toEqual([
      'agents/x.yaml:4 agents.0: The agents form a cycle: x -> y -> x.',
      'agents/y.yaml:4 agents.0: The agents form a cycle: y -> x -> y.',
    ]);
    expect(await problemsOf({ 'agents/x.yaml': sequence('x', 'x') })).toEqual([
      'agents/x.yaml:4 agents.0: The agents form a cycle: x -> x.',
    ]);
  });

  test('two agents of one name', async () => {
    expect(await problemsOf({ 'agents/a.yaml': llm, 'agents/deep/b.yml': llm })).toEqual([
      'agents/deep/b.yml:2 name: "a" is already the name of the agent in agents/a.yaml.',
    ]);
  });

  test('a step whose file is broken is not called missing', async () => {
    const files = { 'agents/b.yaml': 'name: b\n\tmodel: x', 'agents/all.yaml': sequence('all', 'b') };
    expect(await problemsOf(files)).toEqual([
      'agents/b.yaml:2 -: YAML is indented with spaces; this line has a tab.',
    ]);
  });
});

test('a provider that is not known, where the environment of the agents is', async () => {
  const project = await makeProject({
    'agents/a.yaml': 'version: "1.0"\nname: a\nmodel: gemnii/x\nfallback_model: my-llm/y',
  });
  const load = (env: Record<string, string>) => loadProject(project.projectDir, { ...project, env });
  expect(await load({ MODEL_PROVIDER_MY_LLM_BASE_URL: 'http://127.0.0.1:9' })).toMatchObject({
    problems: [
      {
        line: 3,
        field: 'model',
        message:
          'There is no provider "gemnii". Did you mean "gemini"? ' +
          "A server that speaks OpenAI's format is named by MODEL_PROVIDER_GEMNII_BASE_URL.",
      },
    ],
  });
  expect(await load({})).toMatchObject({ problems: [{ field: 'model' }, { field: 'fallback_model' }] });
  expect(await loadProject(project.projectDir, project)).toMatchObject({ outcome: 'loaded' });
});

describe('_defaults.yaml', () => {
  test('is inherited from every folder above; fields of other types are left alone', async () => {
    const agents = await agentsOf({
      'agents/_defaults.yaml': 'version: "1.0"\nmodel: demo/one\ntimeout: 60\ntools: [orders.findOrder]\n',
      'agents/shop/_defaults.yml': 'model: demo/two\ntools: [orders.searchOrders]\n',
      'agents/shop/deep/a.yaml': 'name: a\ntimeout: 70\n',
      'agents/shop/b.yaml': 'name: b\ntype: tool\ntool_name: orders.findOrder\n',
      'tools/orders.ts': tools,
    });
    expect(agents).toMatchObject([
      {
        name: 'a',
        model: 'demo/two',
        timeoutSeconds: 70,
        tools: [{ name: 'orders.findOrder' }, { name: 'orders.searchOrders' }],
      },
      { name: 'b', type: 'tool', timeoutSeconds: 60 },
    ]);
  });

  test('a mistake in it is told once, where it stands', async () => {
    const files = {
      'agents/_defaults.yaml':
        '# for all\ntemperature: 9\nname: x\nknowledge: {}\nretry_options: { attempt: 1 }',
      'agents/a.yaml': llm,
      'agents/b.yaml': llm.replace('name: a', 'name: b'),
    };
    expect(await problemsOf(files)).toEqual([
      'agents/_defaults.yaml:2 temperature: Expected a number from 0 to 2; found 9.',
      `agents/_defaults.yaml:3 name: "name" belongs to one agent and cannot be inherited; write it into each agent's own file.`,
      'agents/_defaults.yaml:4 knowledge: The field "knowledge" is not supported yet (knowledge). There is no built-in knowledge base.',
      'agents/_defaults.yaml:5 retry_options.attempt: There is no field "attempt" in retry_options. Did you mean "attempts"?',
    ]);
  });

  test('what an agent misses may stand in a broken one: only that is told', async () => {
    const files = { 'agents/_defaults.yaml': 'model: {', 'agents/a.yaml': 'version: "1.0"\nname: a' };
    expect(await problemsOf(files)).toEqual([
      'agents/_defaults.yaml:1 -: This is not valid YAML: Flow map in block collection must be sufficiently indented and end with a }.',
    ]);
  });
});

test('middleware runs before every attempt if the agent asks for that', async () => {
  const retries = (text: string) => agentsOf({ 'agents/a.yaml': `${llm}retry_options: { ${text} }` });
  expect(await retries('rerun_middleware: true')).toMatchObject([{ retry: { rerunMiddleware: true } }]);
  expect(await retries('rerun_middleware: false')).not.toMatchObject([{ retry: { rerunMiddleware: true } }]);
});

describe('output schemas', () => {
  const agent = `${llm}output_schema: answer`;

  test.each([['answer'], ['answer.json']])('%s is schemas/answer.json', async (name) => {
    const schema = { type: 'object', properties: { answer: { type: 'string', format: 'email' } } };
    const files = {
      'agents/a.yaml': `${llm}output_schema: ${name}`,
      'schemas/answer.json': JSON.stringify(schema),
    };
    expect(await agentsOf(files)).toMatchObject([{ outputSchema: schema }]);
  });

  test('of the input are found for every type of agent, and missing ones are named', async () => {
    const sequence = 'version: "1.0"\nname: s\ntype: sequential\nagents: [a]\ninput_schema: order.json\n';
    const files = { 'agents/a.yaml': llm, 'agents/s.yaml': sequence };
    expect(await agentsOf({ ...files, 'schemas/order.json': '{"type":"object"}' })).toMatchObject([
      { name: 'a', inputSchema: null },
      { name: 's', inputSchema: { type: 'object' } },
    ]);
    expect(await problemsOf({ ...files, 'schemas/orders.json': '{}' })).toEqual([
      'agents/s.yaml:5 input_schema: There is no file schemas/order.json. Did you mean "orders"?',
    ]);
  });

  test('a missing one', async () => {
    expect(await problemsOf({ 'agents/a.yaml': agent, 'schemas/answers.json': '{}' })).toEqual([
      'agents/a.yaml:4 output_schema: There is no file schemas/answer.json. Did you mean "answers"?',
    ]);
  });

  test.each([
    ['{\n  "type": "object"\n  "properties": {}\n}', /^schemas\/answer\.json:3 -: This is not valid JSON: ./],
    ['[]', /^schemas\/answer\.json:1 -: Expected a JSON Schema: an object\.$/],
    ['{ "type": "text" }', /^schemas\/answer\.json:- -: This is not a valid JSON Schema: .*type.*\.$/],
  ])('%j', async (text, problem) => {
    const problems = await problemsOf({ 'agents/a.yaml': agent, 'schemas/answer.json': text });
    expect(problems).toEqual([expect.stringMatching(problem)]);
  });
});

describe('a file in a folder of code that is none of the code', () => {
  const files = { 'agents/a.yaml': llm };

  test.each([
    [
      'middleware/a.py',
      'This is Python, which is not supported. Middleware is TypeScript: write it as middleware/a.ts.',
    ],
    [
      'tools/__init__.py',
      'This is Python, which is not supported. Tools are TypeScript: write it as tools/__init__.ts.',
    ],
    [
      'tools/crm/search.rb',
      'This is Ruby, which is not supported. Tools are TypeScript: write it as tools/crm/search.ts.',
    ],
    [
      'middleware/a.js',
      'No code of the project imports this file, and its ending makes it none. Middleware is read from files that end in .ts: rename it to middleware/a.ts.',
    ],
    [
      'tools/orders.mts',
      'No code of the project imports this file, and its ending makes it none. Tools are read from files that end in .ts: rename it to tools/orders.ts.',
    ],
    [
      'tools/orders.csv',
      'Nothing reads this file. Tools are read from files that end in .ts, which may import .json and .txt; move other files out of tools/.',
    ],
    ['hooks/a.py', 'This is Python, which is not supported. Hooks are TypeScript: write it as hooks/a.ts.'],
  ])('%s is refused by its name', async (file, message) => {
    expect(await problemsOf({ ...files, [file]: 'text' })).toEqual([`${file}:- -: ${message}`]);
  });

  test('middleware in a subfolder is refused, as nobody would run it', async () => {
    const text = 'export async function before(content: unknown) { return content; }';
    expect(await problemsOf({ ...files, 'middleware/orders/a.ts': text })).toEqual([
      'middleware/orders/a.ts:- -: Middleware is read from the files directly in middleware/: move it to middleware/a.ts.',
    ]);
  });

  test('tools in a subfolder that nobody imports are warned of', async () => {
    const project = await makeProject({ ...files, 'tools/crm/search.ts': tools });
    const load = await loadProject(project.projectDir, project);
    expect(load.outcome === 'loaded' && load.warnings).toEqual([
      {
        file: 'tools/crm/search.ts',
        line: null,
        field: null,
        message:
          'No tool imports this file, and in a subfolder it is none itself: tools are read from the files directly in tools/.',
      },
    ]);
  });

  test('what the code imports, what is for people, tests, declarations and what was set aside are no problem', async () => {
    const project = await makeProject({
      ...files,
      'tools/orders.ts': `
        import { find } from './lib/find.js';
        import prices from './prices.json';
        import note from './note.txt';
        export async function findOrder(input: { id: string }) { return find(input.id, prices, note); }`,
      'tools/lib/find.js': 'export const find = (...found) => found;',
      'tools/prices.json': '{}',
      'tools/note.txt': 'a note',
      'tools/README.md': '# Tools',
      'tools/LICENSE': 'MIT',
      'tools/orders.d.ts': 'export {};',
      'tools/orders.spec.ts': 'export async function notATool() {}',
      'tools/_old/orders.py': 'pass',
      'tools/_notes.csv': 'a,b',
      'tools/.gitkeep': '',
      'hooks/README.md': 'None yet.',
    });
    const load = await loadProject(project.projectDir, project);
    expect(load).toMatchObject({ outcome: 'loaded', warnings: [] });
  });
});

describe('hooks', () => {
  const hooks = 'export async function before(name: string) {}';
  const files = { 'agents/a.yaml': llm, 'hooks/a.ts': hooks };

  test('belong to the agent of their name, and import what the product provides', async () => {
    const text = `import { AbortTool } from 'agent-connectors/agent';
      import type { ToolContext } from 'agent-connectors/agent';
      export const before = (name: string, params: object, context: ToolContext) => new AbortTool(name);`;
    const project = await makeProject({ ...files, 'hooks/a.ts': text });
    const load = await loadProject(project.projectDir, { ...project, env: {} });
    if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
    expect(load.project.agents).toMatchObject([{ name: 'a', hasHooks: true, hasMiddleware: false }]);
    const code: ProjectCode = await import(load.codeFile);
    const made = code.hooks['a']?.before?.('t.one', {} as never, {} as never);
    expect(made instanceof AbortTool && made.result).toBe('t.one');
  });

  test('without an agent, with other exports, in a subfolder and of sequences are refused', async () => {
    const sequence = 'version: "1.0"\nname: s\ntype: sequential\nagents: [a]\n';
    expect(
      await problemsOf({
        ...files,
        'agents/s.yaml': sequence,
        'hooks/aa.ts': 'export const befor = () => {};',
        'hooks/s.ts': hooks,
        'hooks/orders/a.ts': hooks,
      }),
    ).toEqual([
      'hooks/aa.ts:- -: There is no agent named "aa": a file of hooks has the name of its agent. Did you mean "a"?',
      'hooks/aa.ts:1 befor: A file of hooks exports "before" and "after" only; move "befor" to another file.',
      'hooks/orders/a.ts:- -: Hooks are read from the files directly in hooks/: move it to hooks/a.ts.',
      'hooks/s.ts:- -: The agent "s" runs other agents and calls no tools itself, so its hooks would never run. Name the file after one of its steps: a.',
    ]);
  });

  test('that import the package of CDK apps are told where agents import from', async () => {
    const text = `import { AbortTool } from 'agent-connectors';\nexport const before = () => new AbortTool();`;
    expect(await problemsOf({ ...files, 'hooks/a.ts': text })).toEqual([
      'hooks/a.ts:1 -: Code of agents imports from "agent-connectors/agent"; "agent-connectors" is for CDK apps.',
    ]);
  });
});

describe('middleware', () => {
  test('belongs to the agent of its name', async () => {
    const files = {
      'agents/a.yaml': llm,
      'middleware/a.ts': 'export async function after(response: string) { return response; }',
    };
    expect(await agentsOf(files)).toMatchObject([{ name: 'a', hasMiddleware: true }]);
    expect(await problemsOf({ ...files, 'middleware/b.ts': 'export const before = () => {};' })).toEqual([
      'middleware/b.ts:- -: There is no agent named "b": a middleware file has the name of its agent. Did you mean "a"?',
    ]);
  });

  test.each([
    [
      '\nexport async function befor() {}',
      '2 befor: Middleware exports "before" and "after" only; move "befor" to another file.',
    ],
    [
      'export default function () {}',
      '1 default: Middleware exports "before" and "after" only; move "default" to another file.',
    ],
    ['export const before = 3;', '1 before: "before" must be a function that is declared in this file.'],
    ['export type X = 1;', '- -: Middleware exports "before", "after" or both; this file exports neither.'],
  ])('%j', async (text, problem) => {
    expect(await problemsOf({ 'agents/a.yaml': llm, 'middleware/a.ts': text })).toEqual([
      `middleware/a.ts:${problem}`,
    ]);
  });
});

describe('the code of a project', () => {
  const project = {
    'agents/a.yaml': `${llm}tools: [orders.*]`,
    'tools/orders.ts': `
      import { greet } from './lib/greet.ts';
      import { join } from 'node:path';
      import shout from 'shouter';
      export async function find(input: { name: string }): Promise<string> { return shout(join(greet(input.name), '!')); }
      export async function fail(): Promise<never> { throw new Error('no'); }
    `,
    'tools/lib/greet.ts': "export const greet = (name: string): string => 'hello ' + name;",
    'tools/_shared.ts': 'export async function notATool() {}',
    'tools/orders.test.ts': 'export async function notATool() {}',
    'middleware/a.ts':
      'export async function after(response: string): Promise<string> { return response + "?"; }',
    'node_modules/shouter/package.json': '{ "name": "shouter", "main": "index.js" }',
    'node_modules/shouter/index.js':
      "const os = require('os'); module.exports = (text) => text.toUpperCase() + os.EOL.length;",
  };
  interface Code {
    readonly tools: Readonly<Record<string, (input: unknown) => Promise<unknown>>>;
    readonly middleware: Readonly<Record<string, { after(response: string): Promise<string> }>>;
  }

  test('is bundled with the packages that it imports, and works away from the project', async () => {
    const files = await makeProject(project);
    const load = await loadProject(files.projectDir, files);
    if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
    await rm(files.projectDir, { recursive: true });
    const code: Code = await import(load.codeFile);
    expect(Object.keys(code.tools)).toEqual(['orders.find', 'orders.fail']);
    expect(await code.tools['orders.find']?.({ name: 'you' })).toMatch(/^HELLO YOU\/!\d$/);
    expect(await code.middleware['a']?.after('yes')).toBe('yes?');
  });

  test('the same project has the same digest and bundle, another one another', async () => {
    const files = await makeProject(project);
    const [first, second] = [
      await loadProject(files.projectDir, files),
      await loadProject(files.projectDir, files),
    ];
    await files.write({
      'tools/lib/greet.ts': "export const greet = (name: string): string => 'bye ' + name;",
    });
    const third = await loadProject(files.projectDir, files);
    if (first.outcome !== 'loaded' || third.outcome !== 'loaded') throw new Error('It should load.');
    expect(second).toEqual(first);
    expect(third.digest).not.toBe(first.digest);
    expect(third.codeFile).not.toBe(first.codeFile);
  });

  test('an import that leads nowhere', async () => {
    const files = {
      'agents/a.yaml': llm,
      'tools/orders.ts': "\nimport x from 'not-there';\nexport async function find() { return x; }",
    };
    expect(await problemsOf(files)).toEqual([
      expect.stringMatching(/^tools\/orders\.ts:2 -: Could not resolve "not-there"/),
    ]);
  });

  test('what is not TypeScript is told once', async () => {
    expect(
      await problemsOf({
        'agents/a.yaml': `${llm}tools: [orders.find]`,
        'tools/orders.ts': 'export async function {',
      }),
    ).toEqual([expect.stringMatching(/^tools\/orders\.ts:1 -: This is not valid TypeScript: ./)]);
  });
});

describe('a project that is not one', () => {
  test('no folder', async () => {
    const project = await makeProject({});
    const load = await loadProject(join(project.projectDir, 'nowhere'), project);
    expect(load).toMatchObject({
      outcome: 'broken',
      problems: [
        {
          message: expect.stringMatching(/^There is no folder .*nowhere: expected a project with agents\/, /),
        },
      ],
    });
  });

  test('no agents', async () => {
    expect(
      await problemsOf({
        'README.md': 'hello',
        'agents/notes.md': 'not an agent',
        'agents/.hidden.yaml': 'x',
      }),
    ).toEqual([
      'agents:- -: The project has no agents: expected at least one file such as agents/my-agent.yaml in PROJECT.',
    ]);
  });

  test('a file that is no text', async () => {
    const project = await makeProject({ 'agents/a.yaml': llm });
    await writeFile(join(project.projectDir, 'agents/b.yaml'), Uint8Array.of(0xff, 0xfe, 0x00));
    expect(await loadProject(project.projectDir, project)).toMatchObject({
      problems: [{ file: 'agents/b.yaml', message: 'The file is not UTF-8 text.' }],
    });
  });

  test('a file where a folder belongs', async () => {
    expect(await problemsOf({ 'agents/a.yaml': llm, tools: 'not a folder' })).toEqual([
      'tools:- -: It cannot be read: it is not a folder.',
    ]);
  });

  test('all that is wrong is told at once, by file and line', async () => {
    const problems = await problemsOf({
      'agents/a.yaml': `${llm}timeout: 1\ntools: [x.y]`,
      'agents/b.yaml': 'name: b: c',
      'tools/orders.ts': 'export async function find(input: { when: Date }) {}',
      'middleware/z.ts': 'export {};',
    });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'agents/a.yaml:4',
      'agents/a.yaml:5',
      'agents/b.yaml:1',
      'middleware/z.ts:-',
      'middleware/z.ts:-',
      'tools/orders.ts:1',
    ]);
  });
});

describe('a mistake in one file', () => {
  const named = (name: string, rest = '') => `version: "1.0"\nname: ${name}\nmodel: demo/scripted\n${rest}`;
  const sequence = (name: string, ...steps: string[]) =>
    `version: "1.0"\nname: ${name}\ntype: sequential\nagents: [${steps.join(', ')}]\n`;
  const places = (problems: readonly string[]) => problems.map((problem) => problem.split(': ')[0]);

  test('hides none of how files refer to each other', async () => {
    const project = await makeProject({
      'agents/a1.yaml': 'name: a1\n\tmodel: x',
      'agents/a2.yaml': named('a2', 'temperature: 9\n'),
      'agents/a3.yaml': named('a3', 'output_schema: nowhere\n').replace('demo/', 'gemnii/'),
      'agents/a4.yaml': named('a4', 'output_schema: answer\nretries: 3\n'),
      'agents/a5.yaml': named(
        'a5',
        'tools:\n  - orders.find\n  - orders.delete*\n  - db_find\n  - orders.findOrder: a =\n',
      ),
      'agents/a6.yaml': sequence('a6', 'a6', 'missing', 'a1', 'a2'),
      'agents/a7.yaml': 'version: "1.0"\nname: a7\ntype: tool\ntool_name: orders.nothing\ntimeout: 1\n',
      'middleware/ghost.ts': 'export function before() {}',
      'middleware/a1.ts': 'export function before() {}',
      'schemas/answer.json': '[]',
      'tools/orders.ts': tools,
    });
    const load = await loadProject(project.projectDir, { ...project, env: {} });
    const problems = load.outcome === 'broken' ? load.problems : [];
    expect(problems.map(({ file, line, message }) => `${file}:${line ?? '-'} ${message}`)).toEqual([
      'agents/a1.yaml:2 YAML is indented with spaces; this line has a tab.',
      'agents/a2.yaml:4 Expected a number from 0 to 2; found 9.',
      expect.stringMatching(/^agents\/a3\.yaml:3 There is no provider "gemnii"\./),
      'agents/a3.yaml:4 There is no file schemas/nowhere.json.',
      'agents/a4.yaml:5 There is no field "retries".',
      'agents/a5.yaml:5 tools/orders.ts exports no async function "find".',
      'agents/a5.yaml:6 "orders.delete*" fits no tool in tools/orders.ts.',
      'agents/a5.yaml:7 The tool "db_find" is not supported yet (predefined_tools). Write a function in tools/.',
      expect.stringMatching(
        /^agents\/a5\.yaml:8 The condition of "orders\.findOrder" is invalid at character 3: /,
      ),
      'agents/a6.yaml:4 The agents form a cycle: a6 -> a6.',
      'agents/a6.yaml:4 There is no agent named "missing".',
      'agents/a7.yaml:4 tools/orders.ts exports no async function "nothing".',
      'agents/a7.yaml:5 Expected a number of seconds from 5 to 86400; found 1.',
      expect.stringMatching(/^middleware\/ghost\.ts:- There is no agent named "ghost"/),
      'schemas/answer.json:1 Expected a JSON Schema: an object.',
    ]);
  });

  test('of a _defaults.yaml hides none in the agents below it', async () => {
    const files = {
      'agents/_defaults.yaml': 'model: {',
      'agents/a.yaml': 'version: "1.0"\nname: a\ntimeout: 1\nagents: [b]\nmodle: x\ntools: [orders.find]',
      'agents/all.yaml': sequence('all', 'a', 'missing'),
    };
    expect(places(await problemsOf(files))).toEqual([
      'agents/_defaults.yaml:1 -',
      'agents/a.yaml:3 timeout',
      'agents/a.yaml:5 modle',
      'agents/a.yaml:6 tools.0',
      'agents/all.yaml:4 agents.1',
    ]);
    const invalid = { ...files, 'agents/_defaults.yaml': 'temperature: 9', 'agents/a.yaml': named('a') };
    expect(places(await problemsOf(invalid))).toEqual([
      'agents/_defaults.yaml:1 temperature',
      'agents/all.yaml:4 agents.1',
    ]);
  });

  test.each([
    ['that is no valid YAML', 'name: "b\nmodel: x'],
    ['without a name', 'version: "1.0"\nmodel: demo/scripted'],
    ['whose name is invalid', named('B')],
    ['with other names than its file', '{version: "1.0", name: order-desk, model: x'],
  ])('does not make an agent %s unknown to others', async (_which, text) => {
    const problems = await problemsOf({
      'agents/b.yaml': text,
      'agents/all.yaml': sequence('all', text.includes('order-desk') ? 'order-desk' : 'b'),
      'middleware/b.ts': 'export function before() {}',
    });
    expect(problems).toEqual([expect.stringMatching(/^agents\/b\.yaml:/)]);
  });

  test('does not make the tools of a file that cannot be parsed unknown, nor unused what it imports', async () => {
    const files = {
      'agents/a.yaml': named('a', 'tools: [orders.find, ord*.find, order.find]\n'),
      'tools/orders.ts': "import { x } from './lib/help.mjs';\nexport async function {",
      'tools/lib/help.mjs': 'export const x = 1;',
      'tools/other.ts': 'export async function other() {}',
    };
    expect(places(await problemsOf(files))).toEqual(['agents/a.yaml:4 tools.2', 'tools/orders.ts:2 -']);
  });

  test('does not make a file unknown that cannot be read', async () => {
    const project = await makeProject({
      'agents/a.yaml': named('a', 'tools: [orders.find]\noutput_schema: answer\n'),
      'agents/all.yaml': sequence('all', 'b'),
      'agents/deep/c.yaml': 'version: "1.0"\nname: c',
    });
    for (const file of [
      'agents/b.yaml',
      'agents/deep/_defaults.yaml',
      'tools/orders.ts',
      'schemas/answer.json',
    ]) {
      await project.write({ [file]: '' });
      await writeFile(join(project.projectDir, file), Uint8Array.of(0xff, 0xfe, 0x00));
    }
    const load = await loadProject(project.projectDir, project);
    expect(load).toMatchObject({
      problems: ['agents/b.yaml', 'agents/deep/_defaults.yaml', 'schemas/answer.json', 'tools/orders.ts'].map(
        (file) => ({
          file,
          message: 'The file is not UTF-8 text.',
        }),
      ),
    });
  });
});

describe('code that cannot be loaded', () => {
  /** Loads a project with this code as its only tool file, in its agents' environment. */
  async function problemsOfTool(code: string) {
    const project = await makeProject({ 'agents/a.yaml': llm, 'tools/orders.ts': code });
    const load = await loadProject(project.projectDir, { ...project, env: { REGION: 'eu' } });
    return load.outcome === 'loaded' ? [] : load.problems;
  }

  test('a module that throws is named with its line', async () => {
    const code = `${tools}\nthrow new Error('no database');`;
    expect(await problemsOfTool(code)).toEqual([
      { file: 'tools/orders.ts', line: 7, field: null, message: 'Loading the code failed: no database' },
    ]);
  });

  test('a module that ends the process is refused', async () => {
    expect(await problemsOfTool(`${tools}\nprocess.exit(3);`)).toEqual([
      expect.objectContaining({ message: 'Loading the code ends the process; a module may not do that.' }),
    ]);
  });

  test('a module sees the environment that agents will have', async () => {
    expect(
      await problemsOfTool(`${tools}\nif (process.env.REGION !== 'eu') throw new Error('no region');`),
    ).toEqual([]);
  });
});
