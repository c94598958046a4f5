import { afterAll, expect, test } from '@jest/globals';
import { type LoadedProject, loadProject, type ProjectLoad } from './load-project.ts';
import { makeProject, removeProjects, type TestProject } from './test-project.ts';
import { watchProject } from './watch-project.ts';

afterAll(removeProjects);

const agent = (prompt: string) => `version: "1.0"\nname: a\nmodel: demo/scripted\nsystem_prompt: ${prompt}\n`;

async function load({ projectDir, buildDir }: TestProject): Promise<LoadedProject> {
  const loaded = await loadProject(projectDir, { buildDir });
  if (loaded.outcome === 'broken') throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

/** Returns loads as they arrive. */
function inbox() {
  const waiting: ((load: ProjectLoad) => void)[] = [];
  const arrived: ProjectLoad[] = [];
  return {
    receive: (next: ProjectLoad): void => {
      const taker = waiting.shift();
      if (taker === undefined) arrived.push(next);
      else taker(next);
    },
    next: (): Promise<ProjectLoad> => {
      const ready = arrived.shift();
      return ready === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(ready);
    },
  };
}

test('a changed file is loaded, a broken one explained, a mended one loaded again', async () => {
  const project = await makeProject({ 'agents/a.yaml': agent('one') });
  const first = await load(project);
  const loads = inbox();
  const watch = await watchProject(project.projectDir, project, first.digest, loads.receive);
  try {
    await project.write({ 'agents/a.yaml': agent('two') });
    expect(await loads.next()).toMatchObject({
      outcome: 'loaded',
      project: { agents: [{ systemPrompt: 'two' }] },
    });

    await project.write({ 'agents/a.yaml': 'version: "1.0"\nname: a\n' });
    expect(await loads.next()).toMatchObject({ outcome: 'broken', problems: [{ field: 'model' }] });

    await project.write({ 'agents/a.yaml': agent('two') });
    expect(await loads.next()).toMatchObject({ outcome: 'loaded' });

    // Neither a comment nor a package changes the project, so the next load is that of the tool.
    await project.write({ 'agents/a.yaml': `# a comment\n${agent('two')}`, 'node_modules/x/index.js': '1' });
    await project.write({ 'tools/orders.ts': 'export async function find() {}' });
    expect(await loads.next()).toMatchObject({
      outcome: 'loaded',
      project: { tools: [{ name: 'orders.find' }] },
    });
  } finally {
    await watch.close();
  }
});
