import { afterAll, describe, expect, test } from '@jest/globals';
import { useCommands } from '../../../test/command-target.ts';
import { makeProject, removeProjects } from '../../agents/project/test-project.ts';

const run = useCommands();
afterAll(removeProjects);

const agent = 'version: "1.0"\nname: echo\ntype: tool\ntool_name: text.echo\n';
const tool = 'export async function echo(input: { text: string }) { return input.text; }\n';
const valid = { 'agents/echo.yaml': agent, 'tools/text.ts': tool };

describe('connectors check', () => {
  test('says what a valid project has, without a running system', async () => {
    const { projectDir } = await makeProject({
      ...valid,
      'connectors/in.yaml': 'type: webhook\nmode: inbound\nagents: [echo]\n',
      'connectors/out.yaml': `type: webhook\nmode: outbound\nconfig:\n  url: \${HOOK_URL}\n  authorization: Bearer \${HOOK_TOKEN}\n  from_connectors: [elsewhere]\nagents: [echo]\n`,
      'connectors/orders.yaml':
        'type: kafka\nmode: inbound\nconnection: cluster\nconfig: { topic: orders }\nagents: [echo]\n',
    });
    const env = { HOOK_URL: 'https://hooks.example/results' };
    expect(await run(['check', projectDir], env)).toEqual({
      exitCode: 0,
      stdout: `The project in ${projectDir} is valid: 1 agent, 1 tool, 3 connectors in files.\n`,
      stderr: '',
    });
    const { stdout } = await run(['check', '--json'], { ...env, PROJECT_DIR: projectDir });
    expect(JSON.parse(stdout)).toEqual({
      project: projectDir,
      valid: true,
      agents: ['echo'],
      tools: ['text.echo'],
      connectors: ['in', 'orders', 'out'],
      problems: [],
      warnings: [],
    });
  });

  test('lists every problem of agents, code and connectors by file and line', async () => {
    const { projectDir } = await makeProject({
      'agents/echo.yaml': agent
        .replace('text.echo', 'text.ecko')
        .replace('tool_name', 'timeout: 1\ntool_name'),
      'tools/text.ts': tool,
      'middleware/nobody.ts': 'export async function before() {}\n',
      'connectors/in.yaml': 'type: webhok\nmode: inbound\nconfig:\n  max_body_bytes: 1\nagents: [nobody]\n',
      'connectors/out.yaml': `type: webhook\nmode: outbound\nfilter: "output."\nconfig:\n  url: \${HOOK_URL}\n  formt: 3\n`,
    });
    const { exitCode, stdout, stderr } = await run(['check', projectDir], {});
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      `error: The project in ${projectDir} has 7 errors:`,
      '  agents/echo.yaml:4 timeout: Expected a number of seconds from 5 to 86400; found 1.',
      '  agents/echo.yaml:5 tool_name: tools/text.ts exports no async function "ecko". Did you mean "text.echo"?',
      expect.stringMatching(/^ {2}connectors\/in\.yaml:1 type: there is no connector type "webhok"; /),
      expect.stringMatching(/^ {2}connectors\/out\.yaml:3 filter: /),
      '  connectors/out.yaml:5 config.url: The variable HOOK_URL is not set.',
      '  connectors/out.yaml:6 config.formt: is not a known field. Did you mean "format"?',
      '  middleware/nobody.ts There is no agent named "nobody": a middleware file has the name of its agent.',
      '',
    ]);
    const json = await run(['check', projectDir, '--json'], {});
    expect({ ...json, stdout: JSON.parse(json.stdout) }).toMatchObject({
      exitCode: 1,
      stderr: '',
      stdout: {
        valid: false,
        agents: [],
        problems: expect.arrayContaining([
          {
            file: 'agents/echo.yaml',
            line: 4,
            field: 'timeout',
            message: 'Expected a number of seconds from 5 to 86400; found 1.',
          },
        ]),
      },
    });
  });

  test('names agents that connectors link and the project does not have', async () => {
    const { projectDir } = await makeProject({
      ...valid,
      'connectors/in.yaml': 'type: webhook\nmode: inbound\nagents:\n  - echo\n  - ecko\n',
      'connectors/twin.yaml': 'type: webhook\nmode: sync\nname: in\nagents: [echo]\n',
    });
    expect((await run(['check', projectDir], {})).stderr.split('\n').slice(1)).toEqual([
      '  connectors/in.yaml:5 agents.1: There is no agent named "ecko". Did you mean "echo"?',
      '  connectors/twin.yaml:3 name: is also the name of connectors/in.yaml',
      '',
    ]);
  });

  test('shows warnings of a valid project, and refuses settings that would be ignored', async () => {
    const { projectDir } = await makeProject({
      ...valid,
      'agents/echo.yaml': `${agent}retry_options: { attempts: 2 }\nknowledge: {}\n`,
    });
    const allowed = await run(['check', projectDir], { ALLOW_UNSUPPORTED: 'knowledge' });
    expect(allowed.stdout).toContain(
      'Warnings:\n  agents/echo.yaml:6 knowledge: The field "knowledge" is left out',
    );
    const misspelt = await run(['check', projectDir], { ALLOW_UNSUPPORTED: 'knowlege' });
    expect(misspelt.stderr).toContain('ALLOW_UNSUPPORTED contains the unknown feature "knowlege"');
  });

  test('says that there is no project', async () => {
    const { projectDir } = await makeProject({});
    const { stderr } = await run(['check', `${projectDir}/nowhere`], {});
    expect(stderr).toContain(`There is no folder ${projectDir}/nowhere: expected a project with agents/`);
  });
});
