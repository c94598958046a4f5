import * as z from 'zod';
import { type FieldProblem, fieldProblems } from '../field-problem.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { ModeDescription } from './connector-type.ts';
import type { AllowedTargets } from './private-targets.ts';

/** A configuration as it is stored: the public part, and the part that only the secret store may hold. */
export type ParsedConfig =
  | {
      readonly outcome: 'valid';
      readonly config: JsonObject;
      /** Values of the fields that the schema marks as secret. */
      readonly secrets: Readonly<Record<string, string>>;
    }
  | { readonly outcome: 'invalid'; readonly problems: readonly FieldProblem[] };

/** What describes a configuration: a mode, or a kind of connections. */
export type ConfigDescription = Pick<ModeDescription, 'config' | 'problems'>;

/**
 * Validates a configuration, fills in defaults, and separates its secret fields from the rest.
 *
 * @param allowed the targets that this system's connectors may call
 */
export function parseConfig(
  description: ConfigDescription,
  config: JsonObject,
  allowed: AllowedTargets,
): ParsedConfig {
  const parsed = description.config.safeParse(config);
  if (!parsed.success) {
    return { outcome: 'invalid', problems: fieldProblems(parsed.error.issues, ['config']) };
  }
  const problems = description.problems?.(parsed.data, allowed) ?? [];
  if (problems.length > 0) {
    return {
      outcome: 'invalid',
      problems: problems.map(({ field, message }) => ({ field: `config.${field}`, message })),
    };
  }
  const secretNames = secretFieldNames(description);
  const open: JsonObject = {};
  const secrets: Record<string, string> = {};
  for (const [field, value] of Object.entries(parsed.data)) {
    if (!secretNames.includes(field)) open[field] = value;
    else if (typeof value === 'string') secrets[field] = value;
  }
  return { outcome: 'valid', config: open, secrets };
}

/** The problems that a mode's `verify` finds, as fields of a draft. */
export async function verifyProblems(
  mode: ModeDescription | undefined,
  config: JsonObject,
): Promise<FieldProblem[]> {
  const found = (await mode?.verify?.(config)) ?? [];
  return found.map(({ field, message }) => ({ field: `config.${field}`, message }));
}

/** The JSON Schema of a configuration as people enter it: fields with defaults are optional. */
export function configSchema(description: ConfigDescription): JsonObject {
  const known = schemas.get(description);
  if (known !== undefined) return known;
  // Serialized again because zod's own type of the schema is wider than JSON.
  const rendered: unknown = JSON.parse(JSON.stringify(z.toJSONSchema(description.config, { io: 'input' })));
  const schema = z.record(z.string(), z.json()).parse(rendered);
  schemas.set(description, schema);
  return schema;
}

/** Descriptions are constants of their types, so each schema is rendered once. */
const schemas = new WeakMap<ConfigDescription, JsonObject>();

/** Names of the top-level fields that the schema marks with `secret: true`. */
export function secretFieldNames(description: ConfigDescription): readonly string[] {
  return Object.entries(fieldsOf(description)).flatMap(([name, field]) =>
    isJsonObject(field) && field['secret'] === true ? [name] : [],
  );
}

/** Names of all top-level fields. */
export function configFieldNames(description: ConfigDescription): readonly string[] {
  return Object.keys(fieldsOf(description));
}

function fieldsOf(description: ConfigDescription): JsonObject {
  const { properties } = configSchema(description);
  return isJsonObject(properties) ? properties : {};
}
