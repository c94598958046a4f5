import { nearestName } from '../../core/nearest-name.ts';

/**
 * Fields of agent files that similar products support and this one does not yet. They are refused by name, never
 * silently ignored; an operator who can do without one may allow it (agents.md).
 */
export const unsupportedFields = {
  guardrails: 'Input and output are not checked by guardrails; middleware can check them.',
  mcp_servers: 'Tools of MCP servers cannot be used; a function in tools/ can call one.',
  approval: 'Nobody is asked before a tool is called.',
  discoverable_tools: 'All tools are told to the model at once; list them under tools.',
  context_compression: 'Long conversations are not compressed.',
  database: 'There is no built-in database to give rights to.',
  retrieval: 'There is no built-in retrieval to give rights to.',
  knowledge: 'There is no built-in knowledge base to give rights to.',
  reasoning_budget: 'Reasoning is set by reasoning_effort, not by a number of tokens.',
} as const satisfies Record<string, string>;

/** Unsupported features that have no top-level field. */
export const unsupportedForms = {
  predefined_tools: 'There are no built-in tools; write a function in tools/.',
  api_tools: 'Tools are not made from API specifications; write a function in tools/.',
  hooks: 'Tools are called without hooks around them; a tool can check what it is given.',
  rerun_middleware: 'Middleware runs once a run, before the first attempt.',
} as const satisfies Record<string, string>;

export type UnsupportedFeature = keyof typeof unsupportedFields | keyof typeof unsupportedForms;

const sentences: Readonly<Record<UnsupportedFeature, string>> = { ...unsupportedFields, ...unsupportedForms };

export const unsupportedFeatures: readonly string[] = Object.keys(sentences);

/** What is wrong with names of features to allow, a clause each. */
export function unknownFeatures(names: readonly string[]): string[] {
  return names
    .filter((name) => !unsupportedFeatures.includes(name))
    .map((name) => {
      const nearest = nearestName(name, unsupportedFeatures);
      const meant = nearest === null ? '' : `; did you mean "${nearest}"?`;
      return `contains the unknown feature "${name}"${meant}`;
    });
}

/** Built-in tools of other products, by their bare names. */
const predefinedTools: ReadonlySet<string> = new Set([
  ...['trigger_agent', 'trigger_agent_at', 'web_search', 'web_read_page', 'search_tools', 'use_tool'],
  ...['query_knowledge', 'store_knowledge', 'delete_knowledge', 'kb_list_namespaces'],
  ...['retrieval_query', 'retrieval_store', 'retrieval_delete', 'retrieval_list_namespaces'],
  ...['db_find', 'db_insert', 'db_update', 'db_upsert', 'db_delete', 'db_count', 'db_list_collections'],
]);

/** The unsupported feature that a tool reference asks for; `null` if there is none. */
export function unsupportedTool(reference: string): 'predefined_tools' | 'api_tools' | null {
  if (reference.startsWith('api:')) return 'api_tools';
  return predefinedTools.has(reference) ? 'predefined_tools' : null;
}

/** Whether a field of an agent file is known but not supported. */
export function isUnsupportedField(field: string): field is keyof typeof unsupportedFields {
  return Object.hasOwn(unsupportedFields, field);
}

/** The sentence that refuses a feature, or says that it is left out because the operator allows it. */
export function unsupportedSentence(
  feature: UnsupportedFeature,
  subject: string,
  isAllowed: boolean,
): string {
  const outcome = isAllowed ? 'is left out, as the operator allows' : 'is not supported yet';
  return `${subject} ${outcome} (${feature}). ${sentences[feature]}`;
}
