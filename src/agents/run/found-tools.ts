import * as z from 'zod';
import { type JsonObject, jsonObject } from '../../core/json/json-value.ts';
import { suggestion } from '../../core/nearest-name.ts';
import type { LlmAgent } from '../agent-definition.ts';
import type { ToolDescription } from '../agent-project.ts';
import { searchToolsName, useToolName } from '../built-in-tools.ts';
import type { ToolCall } from './call-tool.ts';
import type { McpTools } from './mcp/mcp-tools.ts';
import type { Invocation, ProvidedTool } from './run-scope.ts';
import { plainWireName } from './tool-names.ts';
import { usableTools } from './usable-tools.ts';

/** Tools that one search returns, if the model does not say how many; and at most. */
const usualResults = 5;
const mostResults = 20;
/** Names that a search without a result lists. */
const mostNames = 100;

const searchTool = {
  name: searchToolsName,
  description:
    'Finds tools that are not listed, by words of their names and descriptions. Call a tool that it finds with use_tool.',
  parameters: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'A few words on what the tool should do.' },
      limit: {
        type: 'integer',
        minimum: 1,
        maximum: mostResults,
        description: `Tools to return at most. Default: ${usualResults}.`,
      },
    },
    required: ['query'],
    additionalProperties: false,
  },
};

const useTool: ToolDescription = {
  name: useToolName,
  description: 'Calls a tool that search_tools has found.',
  parameters: {
    type: 'object',
    properties: {
      name: { type: 'string', description: 'Its name, as search_tools returned it.' },
      arguments: {
        type: 'object',
        additionalProperties: true,
        description: 'Its arguments, which fit its parameters.',
      },
    },
    required: ['name'],
    additionalProperties: false,
  },
};

const searchInput = z.object({ query: z.string(), limit: z.int().default(usualResults) });
const useInput = z.object({ name: z.string(), arguments: jsonObject.default({}) });

/** A tool that can be found, and what answers it; `null` for a tool of the project. */
interface Findable {
  readonly tool: ToolDescription;
  readonly provided: ProvidedTool | null;
}

/** The tools that an agent's model finds by searching. Servers are connected when it first does so. */
export class FoundTools {
  readonly #invocation: Invocation<LlmAgent>;
  readonly #servers: McpTools | null;
  /** What the model gets in place of these tools. */
  readonly tools: readonly ProvidedTool[];

  constructor(invocation: Invocation<LlmAgent>, servers: McpTools | null) {
    this.#invocation = invocation;
    this.#servers = servers;
    const description = `${searchTool.description} The tools are of: ${sourcesOf(invocation.agent).join(', ')}.`;
    this.tools = [
      { tool: { ...searchTool, description }, call: (input) => this.#search(input) },
      // A call of it becomes a call of the tool that it names: see `meantBy`.
      { tool: useTool, call: async () => undefined },
    ];
  }

  /** The call that a call of `use_tool` stands for; any other call itself; a sentence for the model if it names no tool. */
  async meantBy(call: ToolCall): Promise<ToolCall | string> {
    if (call.name !== useToolName) return call;
    const input = useInput.safeParse(call.input);
    if (!input.success) return 'Give the name of a tool and its arguments as an object.';
    const { name, arguments: given } = input.data;
    const findable = await this.#findable();
    const found =
      findable.find(({ tool }) => tool.name === name) ??
      findable.find(({ tool }) => plainWireName(tool.name) === name);
    if (found === undefined) {
      const names = findable.map(({ tool }) => tool.name);
      return `There is no tool "${name}".${suggestion(name, names)} Find one with search_tools.`;
    }
    return { ...call, name: found.tool.name, input: given, provided: found.provided };
  }

  async #search(input: unknown): Promise<JsonObject> {
    const { query, limit } = searchInput.parse(input);
    const tools = (await this.#findable()).map(({ tool }) => tool);
    const ranked = rankTools(query, tools);
    if (ranked.length === 0) {
      const names = tools.slice(0, mostNames).map(({ name }) => name);
      return { tools: [], hint: 'No tool fits these words. These are the names of all tools.', names };
    }
    const found = ranked
      .slice(0, limit)
      .map(({ name, description, parameters }) => ({ name, description, parameters }));
    return { tools: found, further_matches: ranked.length - found.length };
  }

  async #findable(): Promise<readonly Findable[]> {
    const own = usableTools(this.#invocation, this.#invocation.agent.discoverableTools);
    const served = (await this.#servers?.discoverable()) ?? [];
    return [
      ...own.map((tool) => ({ tool, provided: null })),
      ...served.map((provided) => ({ tool: provided.tool, provided })),
    ];
  }
}

/** The modules and servers of the tools to find, so that a model knows what it could search for. */
function sourcesOf({ discoverableTools, mcpServers }: LlmAgent): readonly string[] {
  const modules = discoverableTools.map(({ name }) => name.replace(/\..*$/, ''));
  const servers = mcpServers.flatMap(({ name, discoverable }) => (discoverable ? name : []));
  return [...new Set([...modules, ...servers])];
}

/** Okapi BM25 with its usual parameters. */
const saturation = 1.2;
const lengthNormalization = 0.75;
/** How much more a word of the name says than one of the description. */
const nameWeight = 3;
/** A word that only begins like the one that was asked for. */
const prefixWeight = 0.5;
const shortestPrefix = 3;

/** The tools that have words of the query in their name or description, the best first. */
export function rankTools(query: string, tools: readonly ToolDescription[]): readonly ToolDescription[] {
  const documents = tools.map((tool) => ({ tool, words: weightedWords(tool) }));
  const lengths = documents.map(({ words }) => [...words.values()].reduce((sum, weight) => sum + weight, 0));
  const usualLength = lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length);
  const scores = new Map<ToolDescription, number>();
  for (const word of new Set(wordsOf(query))) {
    const counts = documents.map(({ words }) => occurrences(word, words));
    const containing = counts.filter((count) => count > 0).length;
    const rarity = Math.log(1 + (tools.length - containing + 0.5) / (containing + 0.5));
    for (const [index, { tool }] of documents.entries()) {
      const count = counts[index] ?? 0;
      if (count === 0) continue;
      const length = (lengths[index] ?? 0) / usualLength;
      const norm = saturation * (1 - lengthNormalization + lengthNormalization * length);
      const score = (rarity * count * (saturation + 1)) / (count + norm);
      scores.set(tool, (scores.get(tool) ?? 0) + score);
    }
  }
  return [...scores].sort(([, left], [, right]) => right - left).map(([tool]) => tool);
}

function weightedWords({ name, description }: ToolDescription): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  const add = (word: string, weight: number) => words.set(word, (words.get(word) ?? 0) + weight);
  for (const word of wordsOf(name)) add(word, nameWeight);
  for (const word of wordsOf(description)) add(word, 1);
  return words;
}

function occurrences(asked: string, words: ReadonlyMap<string, number>): number {
  const exact = words.get(asked);
  if (exact !== undefined) return exact;
  let count = 0;
  for (const [word, weight] of words) if (isPrefix(asked, word) || isPrefix(word, asked)) count += weight;
  return count * prefixWeight;
}

function isPrefix(start: string, word: string): boolean {
  return start.length >= shortestPrefix && word.startsWith(start);
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });

/** The words of a text or a name, in any language: `findCustomer` and `find_customer` both have two. */
function wordsOf(text: string): readonly string[] {
  const spaced = text.replaceAll(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2').replaceAll(/[_.-]/g, ' ');
  return [...segmenter.segment(spaced.toLowerCase())].flatMap(({ segment, isWordLike }) =>
    isWordLike === true ? segment : [],
  );
}
