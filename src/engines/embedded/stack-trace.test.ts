import { afterAll, expect, test } from '@jest/globals';
import { nothingOutside } from '../../../test/agents/nothing-outside.ts';
import { throwingLog, throwingProject, throwingRequest } from '../../../test/agents/throwing-project.ts';
import { silentLog } from '../../../test/embedded/test-stores.ts';
import { loadProject } from '../../agents/project/load-project.ts';
import { makeProject, removeProjects } from '../../agents/project/test-project.ts';
import { ThreadedExecutor } from './runs/agent-executor.ts';

afterAll(removeProjects);

test('the stack of what a tool throws names the lines of its own files, and nothing else', async () => {
  const { projectDir, buildDir } = await makeProject(throwingProject);
  const load = await loadProject(projectDir, { buildDir });
  if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
  const executor = new ThreadedExecutor({ PATH: process.env['PATH'] }, 1, silentLog, {
    maxMegabytes: 1_024,
    graceMs: 5_000,
  });
  try {
    executor.use(load.project, load.codeFile);
    const signal = new AbortController().signal;
    const outcome = await executor.execute(throwingRequest, {
      signal,
      loadSession: async () => [],
      ...nothingOutside,
    });
    if (outcome.outcome !== 'failed') throw new Error(JSON.stringify(outcome));
    expect(outcome.trace.logs.map(({ message }) => message)).toEqual(throwingLog);
  } finally {
    await executor.stop();
  }
}, 30_000);
