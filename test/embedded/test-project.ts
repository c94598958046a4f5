import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { AgentDefinition, ToolAgent } from '../../src/agents/agent-definition.ts';
import type { LoadedProject } from '../../src/agents/project/load-project.ts';

/** A tool agent that calls `code.<its name>`. */
export function toolAgent(name: string, given: Partial<ToolAgent> = {}): ToolAgent {
  return {
    type: 'tool',
    name,
    description: null,
    file: `agents/${name}.yaml`,
    timeoutSeconds: 60,
    retry: { attempts: 1, initialDelaySeconds: 1, maxDelaySeconds: 1 },
    maxConcurrentRuns: null,
    concurrency: null,
    hasMiddleware: false,
    hasHooks: false,
    inputSchema: null,
    sample: null,
    guardrails: null,
    toolName: `code.${name}`,
    ...given,
  };
}

/**
 * A loaded project, of tool agents unless others are given.
 * @param code by agent name: the text of the function that the agent calls with its payload and its context
 */
export async function projectOf(
  folder: string,
  code: Readonly<Record<string, string>>,
  agents: readonly AgentDefinition[] = Object.keys(code).map((name) => toolAgent(name)),
): Promise<LoadedProject> {
  const functions = Object.entries(code).map(([name, text]) => `'code.${name}': ${text}`);
  const module = `export const tools = { ${functions.join(', ')} }; export const middleware = {}; export const hooks = {};`;
  const codeFile = path.join(folder, `project-${agents.length}-${module.length}.mjs`);
  await writeFile(codeFile, module);
  const tools = Object.keys(code).map((name) => ({
    name: `code.${name}`,
    description: '',
    parameters: { type: 'object' },
  }));
  return { outcome: 'loaded', project: { agents, tools }, codeFile, digest: module, warnings: [] };
}
