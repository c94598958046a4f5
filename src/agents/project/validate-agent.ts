import type * as z from 'zod';
import {
  type AgentType,
  agentSchemas,
  defaultsSchema,
  type LlmFields,
  type References,
  references,
  type SequentialFields,
  type ToolFields,
} from './agent-fields.ts';
import type { AgentSource } from './agent-sources.ts';
import { reportFieldIssues, typesWith } from './field-problems.ts';
import type { LoadContext } from './load-context.ts';
import { isUnsupportedField } from './unsupported-features.ts';
import { type LocatedFields, type LocatedMap, placeOf, plainValue } from './yaml-sources/located-value.ts';

/** An agent file whose fields are all valid; what they refer to is not looked up yet. */
export type ValidAgent = { readonly source: AgentSource } & (
  | { readonly type: 'llm'; readonly fields: LlmFields }
  | { readonly type: 'sequential'; readonly fields: SequentialFields }
  | { readonly type: 'tool'; readonly fields: ToolFields }
);

/** An agent file with invalid fields, which are reported; `fields` has only valid ones. */
interface InvalidAgent {
  readonly source: AgentSource;
  readonly type: 'invalid';
  readonly fields: References;
}

export type CheckedAgent = ValidAgent | InvalidAgent;

/**
 * Checks the fields of an agent; problems go to the log. Inherited fields that its type does not have are ignored, so
 * that one `_defaults.yaml` serves agents of every type; in the agent's own file, they are errors.
 */
export function validateAgent(source: AgentSource, context: LoadContext): CheckedAgent {
  const supported = withoutUnsupported(source, context);
  const type = typeOf(supported);
  const value = withoutForeignDefaults(supported, type);
  const checked = { ...source, value };
  switch (type) {
    case 'llm':
      return agentOf(type, parse(agentSchemas.llm, checked, type, context), source);
    case 'sequential':
      return agentOf(type, parse(agentSchemas.sequential, checked, type, context), source);
    case 'tool':
      return agentOf(type, parse(agentSchemas.tool, checked, type, context), source);
  }
}

/** Checks a `_defaults.yaml` on its own, so that a mistake is found before an agent inherits it. */
export function validateDefaults(source: AgentSource, context: LoadContext): void {
  parse(defaultsSchema, { ...source, value: withoutUnsupported(source, context) }, 'defaults', context);
}

type Parsed<Fields> = { readonly fields: Fields } | { readonly references: References };

function agentOf<Type, Fields>(type: Type, parsed: Parsed<Fields>, source: AgentSource) {
  return 'fields' in parsed
    ? { type, fields: parsed.fields, source }
    : { type: 'invalid' as const, fields: parsed.references, source };
}

function parse<Fields>(
  schema: z.ZodType<Fields>,
  source: AgentSource,
  kind: AgentType | 'defaults',
  { log }: LoadContext,
): Parsed<Fields> {
  const value = plainValue(source.value);
  const parsed = schema.safeParse(value);
  if (parsed.success) return { fields: parsed.data };
  const { issues } = parsed.error;
  reportFieldIssues(issues, source, kind, log);
  const invalid = new Set(issues.flatMap(fieldsOf));
  const valid = Object.entries(value ?? {}).filter(([field]) => !invalid.has(field));
  return { references: references.parse(Object.fromEntries(valid)) };
}

/** The top-level fields that an issue is about. */
function fieldsOf(issue: z.core.$ZodIssue): readonly string[] {
  const [field] = issue.path;
  if (field !== undefined) return [String(field)];
  return issue.code === 'unrecognized_keys' ? issue.keys : [];
}

function typeOf({ entries }: LocatedMap): AgentType {
  const type = entries.get('type');
  const written = type?.kind === 'scalar' ? type.value : null;
  return written === 'sequential' || written === 'tool' ? written : 'llm';
}

function withoutUnsupported({ value }: AgentSource, context: LoadContext): LocatedFields {
  const entries = new Map(value.kind === 'map' ? value.entries : []);
  for (const field of [...entries.keys()].filter(isUnsupportedField)) {
    context.reportUnsupported(field, `The field "${field}"`, placeOf(value, [field]), [field]);
    entries.delete(field);
  }
  return { file: value.file, line: value.line, kind: 'map', entries };
}

function withoutForeignDefaults(fields: LocatedFields, type: AgentType): LocatedFields {
  const kept = [...fields.entries].filter(([field, { file }]) => {
    const types = typesWith(field);
    return file === fields.file || types.length === 0 || types.includes(type);
  });
  return { ...fields, entries: new Map(kept) };
}
