import { execFile } from 'node:child_process';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from '@jest/globals';
import * as z from 'zod';
import { throwingLog, throwingProject, throwingRequest } from '../../../test/agents/throwing-project.ts';
import { loadProject } from '../../agents/project/load-project.ts';
import { makeProject, removeProjects } from '../../agents/project/test-project.ts';

afterAll(removeProjects);

/**
 * Does what a function that executes agents does, with the code in synth's layout and not in the folder of the build.
 */
const runner = `
  const [taskRoot, engine, project, request] = process.argv.slice(1);
  const { packedCode } = await import(engine + 'entry/function-engine.ts');
  const { inPlaceExecutor } = await import(engine + 'runs/agent-executor.ts');
  const { Payload } = await import(engine + '../../core/json/json-value.ts');
  const { payload, ...others } = JSON.parse(request);
  const executor = inPlaceExecutor(JSON.parse(project), await packedCode(taskRoot), { env: {}, now: Date.now });
  const signal = new AbortController().signal;
  const outcome = await executor.execute({ ...others, payload: Payload.of(payload) }, { signal, loadSession: async () => [] });
  process.stdout.write(JSON.stringify(outcome.trace.logs));
`;

test('the stack of what a tool throws names the lines of its own files, in a function too', async () => {
  const { projectDir, buildDir } = await makeProject(throwingProject);
  const load = await loadProject(projectDir, { buildDir });
  if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
  const taskRoot = join(dirname(projectDir), 'task');
  await mkdir(taskRoot);
  await cp(dirname(load.codeFile), join(taskRoot, 'project'), { recursive: true });
  await rm(projectDir, { recursive: true });
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['--enable-source-maps', '--input-type=module', '-e', runner, taskRoot],
      ...[`${import.meta.dirname}/`, JSON.stringify(load.project), JSON.stringify(throwingRequest)],
    ],
    { cwd: taskRoot },
  );
  const logs = z.array(z.object({ message: z.string() })).parse(JSON.parse(stdout));
  expect(logs.map(({ message }) => message)).toEqual(throwingLog);
}, 30_000);
