import { parseCondition } from '../../core/conditions/parse-condition.ts';
import type { AgentTool } from '../agent-definition.ts';
import { builtInToolNames, isBuiltIn, searchToolsName, useToolName } from '../built-in-tools.ts';
import { toolConditionRoots } from '../tool-condition-roots.ts';
import type { LlmFields } from './agent-fields.ts';
import type { AgentSource } from './agent-sources.ts';
import type { LoadContext } from './load-context.ts';
import { missingTool, toolsNamed } from './tool-catalog.ts';
import { unsupportedTool } from './unsupported-features.ts';
import { placeOf } from './yaml-sources/located-value.ts';

interface ListedTool extends AgentTool {
  /** Named in full: overrides a wildcard that also covers it. */
  readonly isExact: boolean;
}

/** The fields that list tools. */
type ToolsField = 'tools' | 'discoverable_tools';

/**
 * Resolves a list of an llm agent's tools: expands wildcards, keeps each tool once, and checks every condition. A tool's
 * own entry overrides a wildcard that covers it. Problems go to the log.
 */
export function resolveTools(
  field: ToolsField,
  { mcp_servers: servers = [], ...fields }: Pick<LlmFields, ToolsField | 'mcp_servers'>,
  source: AgentSource,
  context: LoadContext,
): readonly AgentTool[] {
  const resolved = new Map<string, ListedTool>();
  for (const [index, entry] of (fields[field] ?? []).entries()) {
    const path = [field, index];
    const [reference, condition] = readEntry(entry);
    const refuse = (message: string) => context.log.refuse(placeOf(source.value, path), path, message);
    if (condition !== null) checkCondition(reference, condition, refuse);
    const server = servers.find(({ name }) => reference.startsWith(`${name}.`));
    if (server !== undefined) {
      refuse(`Choose the tools of the MCP server "${server.name}" in mcp_servers, under its own tools.`);
      continue;
    }
    for (const name of findTools(reference, source, path, context, refuse)) {
      const listed = { name, condition, isExact: name === reference };
      const earlier = resolved.get(name);
      if (earlier !== undefined && contradicts(earlier, listed)) {
        refuse(`"${name}" is listed twice with different conditions.`);
      }
      if (earlier === undefined || listed.isExact) resolved.set(name, listed);
    }
  }
  return [...resolved.values()].map(({ name, condition }) => ({ name, condition }));
}

function readEntry(
  entry: NonNullable<LlmFields[ToolsField]>[number],
): [reference: string, condition: string | null] {
  if (typeof entry === 'string') return [entry, null];
  const [[reference, condition] = ['', '']] = Object.entries(entry);
  return [reference, String(condition)];
}

function checkCondition(reference: string, condition: string, refuse: (message: string) => void): void {
  const parsed = parseCondition(condition, toolConditionRoots);
  if (parsed.outcome === 'parsed') return;
  refuse(`The condition of "${reference}" is invalid at character ${parsed.position}: ${parsed.message}.`);
}

function findTools(
  reference: string,
  source: AgentSource,
  path: readonly PropertyKey[],
  context: LoadContext,
  refuse: (message: string) => void,
): readonly string[] {
  if (isBuiltIn(reference)) return [reference];
  if (reference === searchToolsName || reference === useToolName) {
    refuse(
      `The model gets "${reference}" by itself where discoverable_tools, or an MCP server, has something to find.`,
    );
    return [];
  }
  const unsupported = unsupportedTool(reference);
  if (unsupported !== null) {
    context.reportUnsupported(unsupported, `The tool "${reference}"`, placeOf(source.value, path), path);
    return [];
  }
  const found = toolsNamed(reference, context.toolCatalog);
  const missing = found.length === 0 ? missingTool(reference, context.toolCatalog, builtInToolNames) : null;
  if (missing !== null) refuse(missing);
  return found;
}

function contradicts(earlier: ListedTool, later: ListedTool): boolean {
  return earlier.isExact === later.isExact && earlier.condition !== later.condition;
}
