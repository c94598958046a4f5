import type * as z from 'zod';
import { suggestion } from '../../core/nearest-name.ts';
import {
  type AgentType,
  agentSchemas,
  concurrencyFields,
  defaultsFields,
  retryFields,
  sessionFields,
} from './agent-fields.ts';
import type { AgentSource } from './agent-sources.ts';
import type { ProblemLog } from './problem-log.ts';
import { type LocatedValue, placeOf, plainValue } from './yaml-sources/located-value.ts';

type Fields = Readonly<Record<string, z.ZodType>>;
type FileKind = AgentType | 'defaults';

const nestedFields: Readonly<Record<string, Fields>> = {
  retry_options: retryFields,
  concurrency: concurrencyFields,
  session: sessionFields,
};

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
  const known = fieldsAt(path, kind);
  const message =
    path.length > 0
      ? `There is no field "${key}" in ${String(path[0])}.${suggestion(key, Object.keys(known))}`
      : unknownField(key, known, kind);
  log.refuse(placeOf(source.value, [...path, key]), [...path, key], message);
}

function unknownField(key: string, known: Fields, kind: FileKind): string {
  if (kind === 'defaults' && ownFields.has(key)) {
    return `"${key}" belongs to one agent and cannot be inherited; write it into each agent's own file.`;
  }
  const others = typesWith(key);
  if (kind !== 'defaults' && others.length > 0) {
    return `"${key}" is a field of ${others.join(' and ')} agents, and this is ${kind === 'llm' ? 'an' : 'a'} ${kind} agent.`;
  }
  return `There is no field "${key}".${suggestion(key, Object.keys(known))}`;
}

function misfit(root: LocatedValue, path: readonly PropertyKey[], kind: FileKind): string {
  const expected = expectationAt(path, kind);
  const found = valueAt(plainValue(root), path);
  return found === undefined
    ? `This is missing: expected ${expected}.`
    : `Expected ${expected}; found ${shown(found)}.`;
}

function expectationAt(path: readonly PropertyKey[], kind: FileKind): string {
  const [field, inner] = path.map(String);
  const fields = fieldsAt([], kind);
  const nested = field === undefined || inner === undefined ? undefined : nestedFields[field]?.[inner];
  return (nested ?? fields[field ?? ''])?.description ?? 'the fields of an agent';
}

function fieldsAt([field]: readonly PropertyKey[], kind: FileKind): Fields {
  const nested = field === undefined ? undefined : nestedFields[String(field)];
  return nested ?? (kind === 'defaults' ? defaultsFields : agentSchemas[kind].shape);
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
