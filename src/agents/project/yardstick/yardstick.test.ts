import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadProject, type ProjectLoad } from '../load-project.ts';
import { makeProject, removeProjects, type TestProject } from '../test-project.ts';
import { unsupportedFeatures } from '../unsupported-features.ts';

/*
 * The shapes of 44 agent files in a public collection that uses this YAML: their fields and the form of each. The files
 * here have the same shapes in other words; `standsFor` counts the original files of each.
 */
const shapes: readonly { file: string; standsFor: number; refusedFor: readonly string[] }[] = [
  { file: '_defaults', standsFor: 13, refusedFor: [] },
  { file: 'classifier', standsFor: 4, refusedFor: [] },
  { file: 'librarian', standsFor: 3, refusedFor: [] },
  { file: 'letter-writer', standsFor: 1, refusedFor: [] },
  { file: 'mail-line', standsFor: 6, refusedFor: [] },
  { file: 'stamper', standsFor: 4, refusedFor: [] },
  { file: 'accountant', standsFor: 2, refusedFor: [] },
  { file: 'guard', standsFor: 2, refusedFor: [] },
  { file: 'librarian-test-short', standsFor: 1, refusedFor: [] },
  { file: 'chat', standsFor: 1, refusedFor: [] },
  { file: 'copilot', standsFor: 1, refusedFor: ['reasoning_budget'] },
  { file: 'dispatcher', standsFor: 5, refusedFor: [] },
  { file: 'inspector', standsFor: 1, refusedFor: [] },
];

const toolNames = ['search_books', 'lend_book', 'add', 'stamp', 'open_vault'];
const tools = toolNames.map(
  (name) => `export async function ${name}(input: { text: string }) { return input; }`,
);

let project: TestProject;

beforeAll(async () => {
  project = await makeProject({ 'tools/shelf_tools.ts': tools.join('\n') });
  for (const folder of ['agents', 'schemas']) {
    await cp(join(import.meta.dirname, folder), join(project.projectDir, folder), { recursive: true });
  }
});

afterAll(removeProjects);

/** The features for which a file is refused; other reasons are returned in full. */
function refusals(load: ProjectLoad, file: string): readonly string[] {
  if (load.outcome === 'loaded') return [];
  const own = load.problems.filter((problem) => problem.file === `agents/${file}.yaml`);
  const named = own.map(({ message }) => / is not supported yet \((\w+)\)\. ./.exec(message)?.[1] ?? message);
  return [...new Set(named)].sort();
}

test('the shapes stand for all 44 files', () => {
  expect(shapes.reduce((sum, { standsFor }) => sum + standsFor, 0)).toBe(44);
});

describe('each file loads, or is refused in the name of a feature that is not supported', () => {
  test.each(shapes)('$file', async ({ file, refusedFor }) => {
    const load = await loadProject(project.projectDir, project);
    expect(refusals(load, file)).toEqual(refusedFor);
  });
});

test('where the operator allows all of that, every file loads and means what it says', async () => {
  const load = await loadProject(project.projectDir, { ...project, allowUnsupported: unsupportedFeatures });
  if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
  const agents = new Map(load.project.agents.map((agent) => [agent.name, agent]));
  expect(agents.size).toBe(12);
  expect(agents.get('classifier')).toMatchObject({
    type: 'llm',
    model: 'gemini/gemini-3-flash-preview',
    temperature: 0.2,
    reasoningEffort: 'low',
    timeoutSeconds: 90,
    outputSchema: { required: ['verdict'] },
  });
  expect(agents.get('mail-line')).toMatchObject({
    agents: ['classifier', 'letter-writer'],
    timeoutSeconds: 90,
  });
  expect(agents.get('stamper')).toMatchObject({ toolName: 'shelf_tools.stamp', timeoutSeconds: 90 });
  expect(agents.get('accountant')).toMatchObject({
    timeoutSeconds: 45,
    retry: { attempts: 5, maxDelaySeconds: 60 },
  });
  expect(agents.get('guard')).toMatchObject({
    concurrency: { key: 'data.visitor_id', onConflict: 'queue' },
    tools: [
      { name: 'shelf_tools.search_books', condition: null },
      { name: 'shelf_tools.open_vault', condition: 'context.is_admin == True' },
    ],
  });
  expect(agents.get('copilot')).toMatchObject({
    fallbackModel: 'gemini/gemini-2.5-pro',
    reasoningEffort: null,
    session: { key: 'context.user_id', ttlSeconds: 2_592_000 },
    compression: {
      model: null,
      maxPromptTokens: 60_000,
      keepRecentMessages: 12,
      sessionHistory: { interval: 5, keepRecentRuns: 2 },
    },
  });
  expect(agents.get('inspector')).toMatchObject({
    reasoningEffort: 'medium',
    tools: [{ name: 'web_search' }, { condition: null }],
    discoverableTools: [{ name: 'shelf_tools.lend_book' }],
    mcpServers: [{ name: 'docs', discoverable: true }],
  });
  expect(load.warnings.map(({ message }) => message)).toContain(
    'The field "reasoning_budget" is left out, as the operator allows (reasoning_budget). ' +
      'Use reasoning_effort; a number of tokens is not supported.',
  );
});
