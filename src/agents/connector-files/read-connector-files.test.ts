import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadConnectorTypes } from '../../connectors/index.ts';
import { problemIn, type ReadOptions, readConnectorFiles } from './read-connector-files.ts';

const connectorTypes = await loadConnectorTypes();

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'connector-files-'));
});

afterEach(() => rm(folder, { recursive: true }));

const base: ReadOptions = { types: connectorTypes, environment: null, variables: {}, secretsAs: 'values' };

async function read(files: Readonly<Record<string, string>>, options: Partial<ReadOptions> = {}) {
  await mkdir(join(folder, 'connectors'), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, 'connectors', name), text);
  const result = await readConnectorFiles(folder, { ...base, ...options });
  if (result === null) throw new Error('no folder');
  return {
    ...result,
    descriptions: result.files.map(({ description }) => description),
    lines: result.problems.map(
      ({ file, line, field, message }) => `${file}:${line} ${field ?? ''}: ${message}`,
    ),
  };
}

const kafka = `
type: kafka
mode: inbound
name: Order events
config:
  bootstrap_servers: broker:9092
  topic: \${ORDER_EVENTS_TOPIC}
agents:
  - question-answerer
  - name: text-statistics
environments:
  staging: {}
  production: { config: { group_id: orders-prod }, agents: [question-answerer] }
`.trimStart();

describe('the file of a connector', () => {
  test('describes it, with its variables filled in', async () => {
    const { descriptions, problems } = await read(
      { 'order-events.yaml': kafka },
      { environment: 'staging', variables: { ORDER_EVENTS_TOPIC: 'orders' } },
    );
    expect(problems).toEqual([]);
    expect(descriptions).toEqual([
      {
        key: 'order-events',
        name: 'Order events',
        type: 'kafka',
        mode: 'inbound',
        config: { bootstrap_servers: 'broker:9092', topic: 'orders' },
        connection: null,
        agents: ['question-answerer', 'text-statistics'],
        enabled: true,
      },
    ]);
  });

  test('has only a type and a mode at least, and the name of its file', async () => {
    const { descriptions } = await read({ 'in.yml': 'type: webhook\nmode: inbound' });
    expect(descriptions).toEqual([
      {
        key: 'in',
        name: 'in',
        type: 'webhook',
        mode: 'inbound',
        config: {},
        connection: null,
        agents: [],
        enabled: true,
      },
    ]);
  });

  test('an environment lays its fields over it: maps are merged, all else is replaced', async () => {
    const { descriptions } = await read(
      { 'order-events.yaml': kafka },
      { environment: 'production', variables: { ORDER_EVENTS_TOPIC: 'orders' } },
    );
    expect(descriptions).toMatchObject([
      { config: { topic: 'orders', group_id: 'orders-prod' }, agents: ['question-answerer'] },
    ]);
  });

  test('is left out in environments that it does not name', async () => {
    const files = { 'order-events.yaml': kafka, 'in.yaml': 'type: webhook\nmode: inbound' };
    const { descriptions, problems } = await read(files, { environment: 'local' });
    expect(problems).toEqual([]);
    expect(descriptions.map(({ key }) => key)).toEqual(['in']);
  });

  test('needs the name of an environment if it has any, spelled as it is', async () => {
    const files = { 'order-events.yaml': kafka };
    expect((await read(files)).lines).toEqual([
      'connectors/order-events.yaml:10 environments: This connector exists only in some environments (staging, production). Choose one with --environment.',
    ]);
    expect((await read(files, { environment: 'prodution' })).lines).toEqual([
      'connectors:null : No file names the environment "prodution". Did you mean "production"?',
    ]);
  });

  test('a variable is read as the number or the truth value that its field wants', async () => {
    const text =
      'type: webhook\nmode: sync\nconfig: { timeout_seconds: "${SECONDS}", preset_dedupe: "${DEDUPE}", allowed_origins: ["${ORIGIN}"] }';
    const variables = { SECONDS: '30', DEDUPE: 'false', ORIGIN: 'https://shop.example' };
    expect((await read({ 'a.yaml': text }, { variables })).descriptions).toMatchObject([
      { config: { timeout_seconds: 30, preset_dedupe: false, allowed_origins: ['https://shop.example'] } },
    ]);
  });

  test('a dollar sign before a variable makes it a text', async () => {
    const text = 'type: cron\nmode: inbound\nconfig: { schedule: "0 9 * * *", prompt: "Say $${NAME}, $5" }';
    expect((await read({ 'a.yaml': text })).descriptions[0]?.config['prompt']).toBe('Say ${NAME}, $5');
  });

  test('a secret is a variable or the name of a named secret', async () => {
    const out = (authorization: string) =>
      `type: webhook\nmode: outbound\nconfig:\n  url: https://a.example\n  authorization: ${authorization}`;
    const variables = { TOKEN: 'abc' };
    const found = await read(
      { 'a.yaml': out('Bearer ${TOKEN}'), 'b.yaml': out('{ secret: hook-token }') },
      { variables },
    );
    expect(found.descriptions.map(({ config }) => config['authorization'])).toEqual([
      'Bearer abc',
      { secret: 'hook-token' },
    ]);
    const refused = await read({ 'a.yaml': out('Bearer hunter2'), 'b.yaml': out('{ secrt: x }') });
    expect(refused.lines).toEqual([
      'connectors/a.yaml:5 config.authorization: "authorization" is a secret, which must not be in a file. Write a variable such as ${AUTHORIZATION}, or "secret: <name>" of a named secret.',
      'connectors/b.yaml:5 config.authorization: Expected "secret: <name>" with the name of a named secret.',
    ]);
    expect(JSON.stringify(refused.problems)).not.toContain('hunter2');
  });

  test('may have a filter, and conditions of its links', async () => {
    const text = [
      'type: webhook',
      'mode: inbound',
      'filter: input.total > ${LEAST}',
      'agents:',
      '  - echo',
      '  - { name: shout, when: input.loud }',
      '  - { name: wait, files_required: true }',
      '  - { name: note, files_required: true, when: input.a or input.b }',
    ].join('\n');
    const { descriptions } = await read({ 'in.yaml': text }, { variables: { LEAST: '100' } });
    expect(descriptions).toMatchObject([
      {
        filter: 'input.total > 100',
        agents: [
          'echo',
          { name: 'shout', when: 'input.loud' },
          { name: 'wait', when: 'input.files' },
          { name: 'note', when: '(input.files) and (input.a or input.b)' },
        ],
      },
    ]);
    const wrong =
      'type: webhook\nmode: inbound\nfilter: 3\nagents:\n  - { name: a, when: 3, files_required: x }';
    expect((await read({ 'in.yaml': wrong })).lines).toEqual([
      'connectors/in.yaml:3 filter: Expected a condition.',
      'connectors/in.yaml:5 agents.0: Expected a condition in "when".',
      'connectors/in.yaml:5 agents.0: Expected true or false in "files_required".',
    ]);
  });

  test('for a deployment, secrets have names, and no value of one is anywhere', async () => {
    const text = (field: string) =>
      `type: webhook\nmode: outbound\nconfig:\n  url: https://a.example\n  ${field}`;
    const options = { secretsAs: 'names', variables: { TOKEN: 'abc', API_TOKEN: 'def' } } as const;
    const found = await read({ 'a.yaml': text('authorization: ${TOKEN}') }, options);
    expect(found.descriptions[0]?.config['authorization']).toEqual({ secret: 'TOKEN' });
    const files = {
      'a.yaml': text('authorization: Bearer ${TOKEN}'),
      'b.yaml': text('headers: { X-Api: "${API_TOKEN}" }'),
    };
    expect((await read(files, options)).lines).toEqual([
      'connectors/a.yaml:5 config.authorization: "authorization" is a secret, which AWS gets by name: write only one variable, and put the whole text into the secret of this name.',
      'connectors/b.yaml:5 config.headers.X-Api: The variable API_TOKEN seems to be a secret, and this field is not: everybody who sees the deployment could read it.',
    ]);
  });

  test('all problems of all files are named, each with its line', async () => {
    const files = {
      'a.yaml': 'mode: inbond\nagnets: [x]\nbridge: { region: eu }\nconfig: 3\nagents: x\nenabled: ja',
      'b.yaml':
        'type: webhook\nconfig: { url: "${HOOKS_UR}", name: "${a-b}" }\nagents:\n  - { nme: x, files: true }\n  - ""',
      'c.yaml':
        'type: webhook\nmode: sync\nenvironments: { production: { type: cron, filtr: x }, staging: 3 }',
      'd.yaml': 'environments: [a]\ntype: [webhook]',
      'e.yaml': '',
      'f.yaml': 'type: webhook\nmode: sync',
      'f.yml': 'type: webhook\nmode: sync',
    };
    const { lines } = await read(files, { environment: 'production', variables: { HOOKS_URL: 'x' } });
    expect(lines).toEqual([
      'connectors/a.yaml:1 type: This is missing: expected the name of a connector type.',
      'connectors/a.yaml:1 mode: There is no mode "inbond". Did you mean "inbound"?',
      'connectors/a.yaml:2 agnets: There is no field "agnets". Did you mean "agents"?',
      'connectors/a.yaml:3 bridge: "bridge" is not supported: there is no tunnel into a private network. Deploy into subnets of that network instead, with the settings subnetIds and securityGroupIds.',
      'connectors/a.yaml:4 config: Expected the fields of the type, one per line.',
      'connectors/a.yaml:5 agents: Expected a list of agents: names, or "name" with "when".',
      'connectors/a.yaml:6 enabled: Expected true or false.',
      'connectors/b.yaml:1 mode: This is missing: expected inbound, sync, or outbound.',
      'connectors/b.yaml:2 config.url: The variable HOOKS_UR is not set. Did you mean "HOOKS_URL"?',
      'connectors/b.yaml:2 config.name: "${a-b}" is not a variable such as ${ORDERS_TOPIC}; write $${a-b} for this text itself.',
      'connectors/b.yaml:4 agents.0.nme: There is no field "nme". Did you mean "name"?',
      'connectors/b.yaml:4 agents.0.files: There is no field "files".',
      'connectors/b.yaml:4 agents.0: This is missing: expected "name: <agent>".',
      'connectors/b.yaml:5 agents.1: Expected a list of agents: names, or "name" with "when".',
      'connectors/c.yaml:3 environments.production.type: "type" is the same in every environment. Write a file of its own for another connector.',
      'connectors/c.yaml:3 environments.production.filtr: There is no field "filtr". Did you mean "filter"?',
      'connectors/c.yaml:3 environments.staging: Expected the fields that differ in this environment, or {} if none does.',
      'connectors/d.yaml:1 environments: Expected names of environments, each with the fields that differ there.',
      'connectors/d.yaml:1 mode: This is missing: expected inbound, sync, or outbound.',
      'connectors/d.yaml:2 type: Expected the name of a connector type.',
      'connectors/e.yaml:1 : The file is empty: expected the fields of a connector.',
      'connectors/f.yml:null : connectors/f.yaml has the same name.',
    ]);
  });

  test('a problem that is found later has the line of its field', async () => {
    const { files } = await read({ 'a.yaml': 'type: webhook\nmode: sync\nconfig:\n  a: 1\n  b: 2' });
    const [file] = files;
    if (file === undefined) throw new Error('no file');
    expect(problemIn(file, ['config', 'b'], 'No.')).toEqual({
      file: 'connectors/a.yaml',
      line: 5,
      field: 'config.b',
      message: 'No.',
    });
  });

  test('a project without the folder has no connectors as code, and says so', async () => {
    expect(await readConnectorFiles(folder, base)).toBeNull();
  });
});
