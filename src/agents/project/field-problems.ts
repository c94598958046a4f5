import * as z from 'zod';
import { suggestion } from '../../core/nearest-name.ts';
import { type AgentType, agentSchemas, defaultsFields } from './agent-fields.ts';
import type { AgentSource } from './agent-sources.ts';
import type { ProblemLog } from './problem-log.ts';
import { type LocatedValue, placeOf, plainValue } from './yaml-sources/located-value.ts';

type Fields = Readonly<Record<string, z.ZodType>>;
type FileKind = AgentType | 'defaults';

/** The fields of `_defaults.yaml`, with their descriptions. */
const describedDefaults = z.object(defaultsFields);

/** Fields that identify an agent: `_defaults.yaml` cannot have them. */
const ownFields: ReadonlySet<string> = new Set(['name', 'description', 'sample']);

/**
 * Reports the invalid fields of an agent file: the place, the field, what was expected and what was found. What an
 * agent may inherit from a broken `_defaults.yaml` is not reported as missing.
 */
export function reportFieldIssues(
  issues: readonly z.core.$ZodIssue[],
  source: AgentSource,
  kind: FileKind,
  log: ProblemLog,
): void {
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys') {
      const wrong = issue.keys.filter((key) => !mayFitInheritedType(key, source));
      for (const key of wrong) reportUnknown(key, issue.path, source, kind, log);
    } else if (!mayInherit(issue.path, source)) {
      const place = placeOf(source.value, issue.path);
      log.refuse(place, issue.path, misfit(source.value, issue.path, kind));
    }
  }
}

function mayInherit(path: readonly PropertyKey[], { value, isPartial }: AgentSource): boolean {
  return isPartial && !ownFields.has(String(path[0])) && valueAt(plainValue(value), path) === undefined;
}

function mayFitInheritedType(field: string, { value, isPartial }: AgentSource): boolean {
  return isPartial && valueAt(plainValue(value), ['type']) === undefined && typesWith(field).length > 0;
}

/** The agent types that have a field at the top level of their file. */
export function typesWith(field: string): readonly AgentType[] {
  const types: readonly AgentType[] = ['llm', 'sequential', 'tool'];
  return types.filter((type) => Object.hasOwn(agentSchemas[type].shape, field));
}

function reportUnknown(
  key: string,
  path: readonly PropertyKey[],
  source: AgentSource,
  kind: FileKind,
  log: ProblemLog,
): void {
  const known = Object.keys(fieldsAt(path, plainValue(source.value), kind));
  const message =
    path.length > 0
      ? `There is no field "${key}" in ${nameOf(path)}.${suggestion(key, known)}`
      : unknownField(key, known, kind);
  log.refuse(placeOf(source.value, [...path, key]), [...path, key], message);
}

function unknownField(key: string, known: readonly string[], kind: FileKind): string {
  if (kind === 'defaults' && ownFields.has(key)) {
    return `"${key}" belongs to one agent and cannot be inherited; write it into each agent's own file.`;
  }
  const others = typesWith(key);
  if (kind !== 'defaults' && others.length > 0) {
    return `"${key}" is a field of ${others.join(' and ')} agents, and this is ${kind === 'llm' ? 'an' : 'a'} ${kind} agent.`;
  }
  return `There is no field "${key}".${suggestion(key, known)}`;
}

/** `guardrails.input.config` for a field in an item of a list: its number is a line that is shown already. */
function nameOf(path: readonly PropertyKey[]): string {
  return path.filter((part) => typeof part === 'string').join('.');
}

function misfit(root: LocatedValue, path: readonly PropertyKey[], kind: FileKind): string {
  const value = plainValue(root);
  const expected = expectationAt(path, value, kind);
  const found = valueAt(value, path);
  return found === undefined
    ? `This is missing: expected ${expected}.`
    : `Expected ${expected}; found ${shown(found)}.`;
}

/** The description of the innermost field on the path that has one. */
function expectationAt(path: readonly PropertyKey[], value: unknown, kind: FileKind): string {
  const described = schemasTo(path, value, kind).filter(({ description }) => description !== undefined);
  return described.at(-1)?.description ?? 'the fields of an agent';
}

function fieldsAt(path: readonly PropertyKey[], value: unknown, kind: FileKind): Fields {
  const schema = path.length === 0 ? schemaOf(kind) : schemasTo(path, value, kind).at(-1);
  const chosen = chosenSchema(schema, valueAt(value, path));
  return chosen instanceof z.ZodObject ? chosen.shape : {};
}

/** The schemas of the fields and list items on a path, from the outside in; as far as there are any. */
function schemasTo(path: readonly PropertyKey[], value: unknown, kind: FileKind): readonly z.ZodType[] {
  const schemas: z.ZodType[] = [];
  let outer: z.ZodType = schemaOf(kind);
  for (const [depth, key] of path.entries()) {
    const inner = innerSchema(chosenSchema(outer, valueAt(value, path.slice(0, depth))), key);
    if (!(inner instanceof z.ZodType)) break;
    schemas.push(inner);
    outer = inner;
  }
  return schemas;
}

function innerSchema(schema: unknown, key: PropertyKey): unknown {
  if (schema instanceof z.ZodObject) return schema.shape[String(key)];
  return schema instanceof z.ZodArray ? schema.element : undefined;
}

/** What a field's value must fit: without `optional`, and the alternative that the value's `type` chooses. */
function chosenSchema(schema: unknown, value: unknown): unknown {
  if (schema instanceof z.ZodOptional) return chosenSchema(schema.unwrap(), value);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return schema;
  const type = valueAt(value, [schema.def.discriminator]);
  const alternatives: readonly unknown[] = schema.options;
  return alternatives.find((alternative) => {
    const literal = innerSchema(alternative, schema.def.discriminator);
    return literal instanceof z.ZodLiteral && literal.values.has(type as string);
  });
}

function schemaOf(kind: FileKind): z.ZodType {
  return kind === 'defaults' ? describedDefaults : agentSchemas[kind];
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return Reflect.get(value, key);
  }, root);
}

/** Longest excerpt of a wrong value, in characters. */
const excerptLength = 60;

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > excerptLength ? `${text.slice(0, excerptLength)}...` : text;
}
