import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { connectors } from '../../../test/connectors-command.ts';
import { exampleProject, type StartedSystem, useStartSandbox } from '../../../test/start-sandbox.ts';

const sandbox = useStartSandbox();

const longerThanNpmTakesToRepeatASignal = 600;

async function expectEnd({ child, text }: StartedSystem, signal: 'SIGINT' | 'SIGTERM'): Promise<void> {
  child.kill(signal);
  const [exitCode] = await once(child, 'close');
  expect(exitCode).toBe(0);
  expect(text()).toContain(
    'Stopping: waiting up to 10 s for requests and runs. Press Ctrl+C again to quit now.',
  );
  expect(text()).toMatch(/Stopped\.\n$/);
}

describe('a started system', () => {
  const shared = useStartSandbox('all tests');
  let system: StartedSystem;
  beforeAll(async () => {
    system = await shared.start(/Press Ctrl\+C to stop/);
  });

  test('prints a command that gets an answer as it is printed', async () => {
    const curl = /curl [\s\S]+?\}'/.exec(system.text())?.[0] ?? '';
    const [, url = ''] = /curl (\S+)/.exec(curl) ?? [];
    const [, secret = ''] = /X-Connic-Secret: ([^']+)'/.exec(curl) ?? [];
    const [, body = ''] = /-d '(.+)'/.exec(curl) ?? [];
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'X-Connic-Secret': secret, 'Content-Type': 'application/json' },
      body,
    });
    expect(await answer.json()).toMatchObject({ status: 'ok', result: { status: 'completed' } });
  });

  test('prints a link that signs in once, and so does the command "dashboard"', async () => {
    const printed = await connectors(['dashboard'], { env: shared.env() });
    for (const shown of [system.text(), printed.stdout]) {
      const [, url = '', code] = /(http:\S+)\/#sign-in=(\S+)/.exec(shown) ?? [];
      const headers = { 'content-type': 'application/json', 'x-connectors-page': '1', origin: url };
      const enter = { method: 'POST', headers, body: JSON.stringify({ code }) };
      expect((await fetch(`${url}/api/v1/session`, enter)).status).toBe(200);
      expect((await fetch(`${url}/api/v1/session`, enter)).status).toBe(401);
    }
  });

  test('says which agents miss a key, and its name', () => {
    expect(system.text()).toMatch(/! question-answerer: .*GEMINI_API_KEY/);
  });

  test('is found by commands through its data folder', async () => {
    const listed = await connectors(['list'], { env: shared.env() });
    expect(listed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(listed.stdout).toContain('Try it');
  });

  test('ends after SIGINT, and says so', () => expectEnd(system, 'SIGINT'));
});

describe('while it runs', () => {
  test('SIGTERM lets it end, and says so', async () => {
    await expectEnd(await sandbox.start(/Press Ctrl\+C to stop/), 'SIGTERM');
  });

  test('one more signal does not wait for the runs', async () => {
    const { child, until } = await sandbox.start(/Press Ctrl\+C to stop/);
    await connectors(['run', 'order-desk', 'wait 60s', '--no-wait'], { env: sandbox.env() });
    child.kill('SIGTERM');
    await until(/Stopping/);
    await sleep(longerThanNpmTakesToRepeatASignal);
    child.kill('SIGTERM');
    const [exitCode] = await once(child, 'close');
    expect(exitCode).toBe(1);
  });

  test('a changed project is loaded again, a broken one reported', async () => {
    const project = join(sandbox.folder, 'project');
    cpSync(exampleProject, project, { recursive: true });
    const { until } = await sandbox.start(/Press Ctrl\+C to stop/, ['--project', project, '--dev']);
    const file = join(project, 'agents/greeter.yaml');
    writeFileSync(file, 'version: "1.0"\nname: greeter\nmodel: demo/scripted\nsystem_prompt: Greet.\n');
    await until(/Project reloaded: .*greeter/);
    writeFileSync(file, 'version: "1.0"\nname: greeter\nmodel: demo/scripted\nsystem_promt: Greet.\n');
    await until(
      /The project has \d errors?\. The previous agents stay active:\n +agents\/greeter.yaml:4 system_promt/,
    );
    const env = sandbox.env();
    expect((await connectors(['run', 'greeter', 'Hello'], { env })).exitCode).toBe(0);
    expect((await connectors(['agents'], { env })).stdout).toContain('agents/greeter.yaml:4');
  });
});
