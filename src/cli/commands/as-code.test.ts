import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { useCommands } from '../../../test/command-target.ts';
import { connectors } from '../../../test/connectors-command.ts';
import { adminToken, type RunningProduct, runProduct } from '../../../test/running-product.ts';

let product: RunningProduct;
let folder: string;

beforeEach(async () => {
  product = await runProduct();
  folder = await mkdtemp(join(tmpdir(), 'as-code-'));
  await mkdir(join(folder, 'connectors'));
});

afterEach(async () => {
  await product.stop();
  await rm(folder, { recursive: true });
});

async function write(key: string, text: string): Promise<void> {
  await writeFile(join(folder, 'connectors', `${key}.yaml`), text);
}

const commands = useCommands();

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, input?: string) {
  const settings = { CONNECTORS_URL: product.baseUrl, CONNECTORS_TOKEN: adminToken, PROJECT_DIR: folder };
  const all = { ...settings, ...env };
  return input === undefined ? commands(args, all) : connectors(args, { env: all, input });
}

const inbound = 'type: webhook\nmode: inbound\nagents: [echo]\n';
const outbound = `type: webhook
mode: outbound
name: Results
config:
  url: \${HOOK_URL}
  authorization: \${HOOK_TOKEN}
  from_connectors: [in]
agents: [echo]
`;
const variables = { HOOK_URL: 'https://hooks.example/results', HOOK_TOKEN: 'Bearer very-secret' };

describe('connectors as code', () => {
  test('are planned, applied, and then need nothing more', async () => {
    await write('in', inbound);
    await write('out', outbound);
    const plan = await run(['plan'], variables);
    expect(plan).toMatchObject({ exitCode: 2, stderr: '' });
    expect(plan.stdout).toContain(
      '+ create   out  webhook, outbound, "Results"\n    name  "Results"\n    agents  ["echo"]\n',
    );
    expect(plan.stdout).toContain('    config.from_connectors  ["in"]\n');
    expect(plan.stdout).toContain('    config.authorization  (secret)\n');
    expect(plan.stdout).toContain('2 to create; 0 unchanged.');
    const applied = await run(['apply'], variables);
    expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
    expect(applied.stdout).toContain('Applied: 2 created; 0 unchanged.');
    expect(applied.stdout).toContain(
      'See the URL of a new connector, and what to set up:\nnpx connectors show in\n',
    );
    const none = { exitCode: 0, stdout: 'No changes: 2 unchanged.\n', stderr: '' };
    expect(await run(['apply'], variables)).toEqual(none);
    expect(await run(['plan'], variables)).toEqual(none);
    expect(`${plan.stdout}${applied.stdout}${product.log}`).not.toContain('very-secret');
    const shown = await run(['show', 'Results']);
    expect(shown.stdout).toContain('from code      connectors/out.yaml');
  });

  test('take their connection, variables, and environments from what they are applied to', async () => {
    await product.stop();
    const agent = (name: string) =>
      writeFile(
        join(folder, 'agents', `${name}.yaml`),
        `version: "1.0"\nname: ${name}\ntype: llm\nmodel: demo/demo\ndescription: Reads.\nsystem_prompt: Read.\n`,
      );
    await mkdir(join(folder, 'agents'));
    await Promise.all(['order-processor', 'audit-logger'].map((name) => agent(name)));
    product = await runProduct({ projectDir: folder });
    for (const name of ['orders-kafka', 'orders-kafka-prod']) {
      const config = { bootstrap_servers: `${name}.example:9092` };
      const made = await product.call('POST', '/connections', { name, type: 'kafka', config });
      expect(made.status).toBe(201);
    }
    await write(
      'order-events',
      `type: kafka
mode: inbound
name: Order events            # default: the file's name
connection: orders-kafka      # a named connection
config:
  topic: \${ORDER_EVENTS_TOPIC}
agents:
  - order-processor
  - name: audit-logger
    files_required: true      # short for when: input.files
environments:                 # absent: everywhere
  staging: {}
  production: {connection: orders-kafka-prod, config: {group_id: orders-prod}}
`,
    );
    const topic = { ORDER_EVENTS_TOPIC: 'orders' };
    expect((await run(['apply', '--environment', 'staging'], topic)).stdout).toContain('Applied: 1 created');
    const none = { exitCode: 0, stdout: 'No changes: 1 unchanged.\n', stderr: '' };
    expect(await run(['apply', '--environment', 'staging'], topic)).toEqual(none);
    const shown = async () => JSON.parse((await run(['show', 'Order events', '--json'])).stdout);
    expect(await shown()).toMatchObject({
      agents: ['order-processor', { name: 'audit-logger', when: 'input.files' }],
      connection: 'orders-kafka',
      config: { topic: 'orders' },
    });
    await run(['apply', '--environment', 'production'], topic);
    expect(await shown()).toMatchObject({
      connection: 'orders-kafka-prod',
      config: { topic: 'orders', group_id: 'orders-prod' },
    });
    await write('tunnel', 'type: webhook\nmode: inbound\nbridge: {network: office}\n');
    const refused = await run(['apply', '--environment', 'staging'], topic);
    expect(refused.stderr).toContain('"bridge" is not supported: there is no tunnel into a private network.');
  });

  test('show what was edited by hand', async () => {
    await write('in', inbound);
    await run(['apply']);
    await run(['change', 'in', '--set', 'max_body_bytes=2000']);
    const plan = await run(['plan']);
    expect(plan.exitCode).toBe(2);
    expect(plan.stdout).toContain(
      'config.max_body_bytes  2000 -> 26214400  (edited by hand since the last apply)',
    );
    expect((await run(['show', 'in'])).stdout).toContain(
      'connectors/in.yaml; edited since: config.max_body_bytes',
    );
    const json = JSON.parse((await run(['plan', '--json'])).stdout);
    expect(json).toMatchObject({ steps: [{ action: 'change', changes: [{ edited_elsewhere: true }] }] });
  });

  test('ask before they remove or replace a connector', async () => {
    await write('in', inbound);
    await write('other', inbound);
    await run(['apply']);
    await rm(join(folder, 'connectors', 'other.yaml'));
    await write('in', inbound.replace('inbound', 'sync'));
    const asked = await run(['apply']);
    expect(asked).toMatchObject({ exitCode: 2, stderr: 'error: Not a terminal; pass --yes to confirm.\n' });
    expect(asked.stdout).toContain('- remove   other');
    expect(asked.stdout).toContain(
      '± replace  in  webhook, sync\n    another type or mode: gets a new URL and secret',
    );
    const applied = await run(['apply', '--yes']);
    expect(applied.stdout).toContain('Applied: 1 replaced, 1 removed; 0 unchanged.');
  });

  test('name every problem with its file and its line, also those that only the system can know', async () => {
    await write('a', inbound.replace('webhook', 'webhok').replace('echo', 'ecko'));
    await write(
      'b',
      'type: webhook\nmode: outbound\nconfig:\n  authorization: Bearer very-secret\n  formt: 3\n',
    );
    const plan = await run(['plan']);
    expect(plan).toMatchObject({ exitCode: 1, stdout: '' });
    expect(plan.stderr.split('\n')).toEqual([
      'error: The connectors have 5 errors; nothing was changed:',
      expect.stringMatching(
        /^ {2}connectors\/a\.yaml:1 type: there is no connector type "webhok"; .* Did you mean "webhook"\?$/,
      ),
      '  connectors/a.yaml:3 agents.0: There is no agent named "ecko". Did you mean "echo"?',
      '  connectors/b.yaml:3 config.url: Enter a full URL that begins with https://.',
      expect.stringContaining('connectors/b.yaml:4 config.authorization: "authorization" is a secret'),
      '  connectors/b.yaml:5 config.formt: is not a known field. Did you mean "format"?',
      '',
    ]);
    expect(plan.stderr).not.toContain('very-secret');
    await rm(join(folder, 'connectors', 'b.yaml'));
    expect((await run(['apply', '--yes'])).stderr).toContain(
      'The connectors have 2 errors; nothing was changed:',
    );
  });

  test('say what a number needs where a text belongs', async () => {
    await write('a', 'type: discord\nmode: outbound\nconfig:\n  application_id: 1234567890123456789\n');
    expect((await run(['plan'])).stderr).toContain(
      'connectors/a.yaml:4 config.application_id: must be a string: write it in quotes',
    );
    await rm(join(folder, 'connectors', 'a.yaml'));
  });

  test('say so if there is no folder, and if a plan was not understood', async () => {
    await rm(join(folder, 'connectors'), { recursive: true });
    expect(await run(['plan'])).toMatchObject({
      exitCode: 1,
      stderr: `error: There is no folder "connectors" in ${folder}. Write connectors/<name>.yaml, or run "connectors export", which writes the connectors that exist.\n`,
    });
    expect(await run(['plan', '--enviroment', 'x'])).toMatchObject({
      exitCode: 1,
      stderr: "error: unknown option '--enviroment'\n(Did you mean --environment?). Add --help for usage.\n",
    });
    expect((await run(['plan', '--help'])).exitCode).toBe(0);
  });

  test('are written from what exists, and are the same then', async () => {
    await write('in', inbound);
    await write('out', outbound);
    await run(['apply'], variables);
    await run(['create', 'sync', '--agent', 'echo', '--name', 'By hand: "ask"']);
    const exported = await run(['export', '--force']);
    expect(exported.stdout).toContain(
      'Set these variables to the secrets before you run "connectors plan":\n  OUT_AUTHORIZATION',
    );
    expect(await readdir(join(folder, 'connectors'))).toEqual(['by-hand-ask.yaml', 'in.yaml', 'out.yaml']);
    expect(await readFile(join(folder, 'connectors', 'out.yaml'), 'utf8')).toBe(
      'type: webhook\nmode: outbound\nname: Results\nconfig:\n  url: https://hooks.example/results\n  from_connectors:\n    - in\n  authorization: ${OUT_AUTHORIZATION}\nagents:\n  - echo\n',
    );
    const secret = { OUT_AUTHORIZATION: variables.HOOK_TOKEN };
    const plan = await run(['plan'], secret);
    expect(plan.stdout).toContain(
      '~ change   by-hand-ask  webhook, sync, "By hand: "ask""\n    exists, created by hand; comes from code from now on',
    );
    expect(plan.stdout).toContain('1 to change; 2 unchanged.');
    await run(['apply'], secret);
    expect((await run(['plan'], secret)).exitCode).toBe(0);
    expect((await run(['export', 'in'])).stdout).toBe(
      `Exists already: ${join(folder, 'connectors/in.yaml')}\n`,
    );
    expect(await run(['export', 'no'])).toMatchObject({
      exitCode: 3,
      stderr: 'error: There is no connector "no".\n',
    });
  });

  test('take secrets by name, which are set from stdin and never printed', async () => {
    await write(
      'out',
      outbound.replace('${HOOK_TOKEN}', '{ secret: hook-token }').replace(/.*from_.*\n/, ''),
    );
    expect((await run(['plan'], variables)).stderr).toContain(
      'connectors/out.yaml:6 config.authorization: there is no secret named "hook-token". Store it with `connectors named-secrets set hook-token`.',
    );
    expect((await run(['named-secrets', 'list'])).stdout).toBe('No named secrets yet.\n');
    const set = await run(['named-secrets', 'set', 'hook-token'], {}, 'Bearer very-secret\n');
    const next = 'Files in connectors/ refer to it as {secret: hook-token}. Give it to their connectors:';
    const stdout = `Stored "hook-token".\n\n${next}\nnpx connectors apply\n`;
    expect(set).toEqual({ exitCode: 0, stdout, stderr: '' });
    expect((await run(['named-secrets', 'list'])).stdout).toBe('hook-token\n');
    expect((await run(['apply'], variables)).exitCode).toBe(0);
    await run(['named-secrets', 'set', 'hook-token'], {}, 'Bearer other');
    expect((await run(['plan'], variables)).stdout).toContain(
      '~ change   out  webhook, outbound, "Results"\n    config.authorization  (secret)\n',
    );
    expect((await run(['named-secrets', 'delete', 'hook-token'])).stdout).toBe('Deleted "hook-token".\n');
  });
});
