import { nearestName } from '../../core/nearest-name.ts';

/**
 * Fields of agent files that similar products support and this one does not yet. They are refused by name, never
 * silently ignored; an operator who can do without one may allow it (agents.md).
 */
export const unsupportedFields = {
  approval: 'Tools are called without approval.',
  database: 'There is no built-in database.',
  retrieval: 'There is no built-in retrieval.',
  knowledge: 'There is no built-in knowledge base.',
  reasoning_budget: 'Use reasoning_effort; a number of tokens is not supported.',
} as const satisfies Record<string, string>;

/** Unsupported features that have no top-level field. */
export const unsupportedForms = {
  predefined_tools: 'Write a function in tools/.',
  api_tools: 'Write a function in tools/ that calls the API.',
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
