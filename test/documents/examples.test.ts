import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Command } from 'commander';
import { loadProject } from '../../src/agents/project/load-project.ts';
import { makeProject, removeProjects } from '../../src/agents/project/test-project.ts';
import { commandLine } from '../../src/cli/command-line.ts';
import { startMcpServer } from '../agents/mcp-server.ts';
import { outputOf, runOne } from '../agents/run-one.ts';
import { startGeminiServer } from '../model-servers/gemini-server.ts';
import { blocksIn, readPage } from './page-blocks.ts';

const root = join(import.meta.dirname, '../..');
const pages = ['README.md', ...pagesBelow('docs'), ...pagesBelow('docs/connectors')];

function pagesBelow(folder: string): string[] {
  const files = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'));
  return files.map((name) => `${folder}/${name}`);
}

const program = await commandLine();

afterAll(removeProjects);

/** A block may begin with the name of its file as a comment, and may be a single field of an object. */
function readJson(text: string): unknown {
  const bare = text.replace(/^\/\/.*\n/, '').trim();
  return JSON.parse(bare.startsWith('"') ? `{${bare}}` : bare);
}

describe('every example in JSON can be read', () => {
  const blocks = pages.flatMap((page) =>
    blocksIn(readPage(page)).flatMap(({ language, line, text }) =>
      language === 'json' ? [{ place: `${page}:${line}`, text }] : [],
    ),
  );

  test.each(blocks)('$place', ({ text }) => {
    expect(() => readJson(text)).not.toThrow();
  });
});

describe('docs/agents.md', () => {
  test('has agents and code that load as they stand there, and an agent that calls an MCP server', async () => {
    const blocks = blocksIn(readPage('docs/agents.md'));
    const agents = blocks.flatMap(({ language, text }): [string, string][] => {
      const name = /^name: ([a-z-]+)$/m.exec(text)?.[1];
      return language === 'yaml' && name !== undefined ? [[`agents/${name}.yaml`, text]] : [];
    });
    const schemas = blocks.flatMap(({ language, text }): [string, string][] => {
      const file = /^\/\/ (schemas\/\w+\.json)\n/.exec(text)?.[1];
      return language === 'json' && file !== undefined ? [[file, text.replace(/^.*\n/, '')]] : [];
    });
    const code = blocks.flatMap(({ language, text }): [string, string][] => {
      const file = /^\/\/ ((?:middleware|hooks|guardrails)\/[\w-]+\.ts)\n/.exec(text)?.[1];
      return language === 'ts' && file !== undefined ? [[file, text]] : [];
    });
    const given = [
      'agents/orders/order-desk.yaml',
      'agents/orders/order-writer.yaml',
      'agents/orders/_defaults.yaml',
      'tools/orders.ts',
    ];
    const files = given.map((file) => [file, readFileSync(join(root, 'project', file), 'utf8')]);
    const project = await makeProject(Object.fromEntries([...files, ...agents, ...schemas, ...code]));
    const crm = await startMcpServer({ tools: [{ name: 'find_customer' }, { name: 'delete_all' }] });
    const script = [{ toolCalls: [{ name: 'crm__find_customer', arguments: {} }] }, { text: 'Found.' }];
    const model = await startGeminiServer({ script });
    try {
      const env = {
        ...process.env,
        ...{ CRM_URL: crm.url, CRM_TOKEN: 'token-of-the-crm', ALLOW_PRIVATE_TARGETS: '1' },
        ...{ GEMINI_API_KEY: 'key-of-the-tests-1234', GEMINI_BASE_URL: model.url },
      };
      const load = await loadProject(project.projectDir, { buildDir: project.buildDir, env });
      if (load.outcome === 'broken') throw new Error(JSON.stringify(load.problems));
      expect(agents.length).toBeGreaterThanOrEqual(4);
      expect(code.length).toBeGreaterThanOrEqual(2);
      const desk = load.project.agents.filter(({ name }) => name === 'customer-desk');
      expect(outputOf(await runOne({ agents: desk, env }))).toBe('Found.');
      expect(JSON.stringify(model.requests[0]?.body)).not.toContain('delete_all');
      expect(crm.requests[0]?.headers.get('authorization')).toBe('Bearer token-of-the-crm');
    } finally {
      await Promise.all([crm.close(), model.close()]);
    }
  });
});

describe('every command that a page names exists, with its options', () => {
  const named = pages.flatMap((page) =>
    [...readPage(page).matchAll(/`(?:npx )?connectors ([a-z][^`]*)`/g)].map(([, text = '']) => ({
      page,
      text,
    })),
  );

  test.each(named)('$page: connectors $text', ({ text }) => {
    const words = text.split(/\s+/);
    const command = commandOf(words);
    expect(command).not.toBeNull();
    const known = [...(command?.options ?? []), ...program.options].flatMap(({ long, short }) => [
      long,
      short,
    ]);
    const options = words
      .filter((word) => /^--?[a-z]/.test(word))
      .map((word) => word.replace(/[=,.|].*/, ''));
    expect(options.filter((option) => option !== '--help' && !known.includes(option))).toEqual([]);
  });
});

function commandOf([first = '', second = '']: readonly string[]): Command | null {
  const command = program.commands.find((one) => one.name() === first);
  if (command === undefined || command.commands.length === 0) return command ?? null;
  return command.commands.find((one) => one.name() === second) ?? command;
}
