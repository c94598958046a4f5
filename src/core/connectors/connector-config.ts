import * as z from 'zod';
import { type FieldProblem, fieldProblems } from '../field-problem.ts';
import { isJsonObject, type JsonObject } from '../json/json-value.ts';
import type { Engine } from '../ports/engine.ts';
import type { Connector, Mode } from './connector.ts';
import type { AnyConnectorType, ConnectorTypes, ModeDescription } from './connector-type.ts';
import type { AllowedTargets } from './private-targets.ts';
import { type Way, type Ways, ways } from './ways.ts';

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
  const problems = [...repeatedItems(parsed.data), ...(description.problems?.(parsed.data, allowed) ?? [])];
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

/** Every list of a configuration is a set, whatever its type: an item that occurs twice is a slip. */
function repeatedItems(config: JsonObject): FieldProblem[] {
  return Object.entries(config).flatMap(([name, value]) => {
    if (!Array.isArray(value)) return [];
    const items = value.map((item) => JSON.stringify(item));
    return items.flatMap((item, index) =>
      items.indexOf(item) === index
        ? []
        : [{ field: `${name}.${index}`, message: `${item} is listed twice` }],
    );
  });
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
  const schema = withSets(z.record(z.string(), z.json()).parse(rendered));
  schemas.set(description, schema);
  return schema;
}

/** Says of each list that none of its items may repeat; see `repeatedItems`. */
function withSets(schema: JsonObject): JsonObject {
  const { properties } = schema;
  if (!isJsonObject(properties)) return schema;
  const fields = Object.entries(properties).map(([name, field]) => [
    name,
    isJsonObject(field) && field['type'] === 'array' ? { ...field, uniqueItems: true } : field,
  ]);
  return { ...schema, properties: Object.fromEntries(fields) };
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

export type FoundMode =
  | { readonly outcome: 'found'; readonly type: AnyConnectorType; readonly mode: ModeDescription }
  | { readonly outcome: 'unknown'; readonly problem: FieldProblem };

/** Finds a type and one of its modes by name, or returns the problem of the field with the unknown name. */
export function findMode(types: ConnectorTypes, typeName: string, modeName: Mode): FoundMode {
  const type = types.get(typeName);
  if (type === undefined) {
    const known = [...types.keys()].join(', ');
    const message = `there is no connector type "${typeName}"; known: ${known}`;
    return { outcome: 'unknown', problem: { field: 'type', message } };
  }
  const mode = type.modes[modeName];
  if (mode !== undefined) return { outcome: 'found', type, mode };
  const modes = Object.keys(type.modes).join(', ');
  const message = `connectors of type "${type.name}" have the modes ${modes}`;
  return { outcome: 'unknown', problem: { field: 'mode', message } };
}

/**
 * Parses every stored configuration once: it stays the same object until its record changes, and events come often.
 *
 * @param parse must return the same for the same object
 */
export function parseOnce<Parsed>(parse: (config: JsonObject) => Parsed): (config: JsonObject) => Parsed {
  const known = new WeakMap<JsonObject, { readonly parsed: Parsed }>();
  return (config) => {
    const before = known.get(config);
    if (before !== undefined) return before.parsed;
    const parsed = parse(config);
    known.set(config, { parsed });
    return parsed;
  };
}

/** How a connector gets its events in this way; `undefined` if its type, mode or configuration does not use the way. */
export function wayOf<Name extends Way>(
  types: ConnectorTypes,
  { type, mode, config }: Pick<Connector, 'type' | 'mode' | 'config'>,
  name: Name,
): Ways<unknown>[Name] | undefined {
  const way: Ways<unknown>[Name] | undefined = types.get(type)?.modes[mode]?.ways[name];
  return way?.serves?.(config) === false ? undefined : way;
}

/**
 * Why a connector can never get an event here: the engine has none of the ways that its type offers. Reported when the
 * connector is created, so that nobody waits in vain.
 *
 * @param draft with a valid configuration
 */
export function wayProblems(
  engine: Pick<Engine, 'types' | 'hasWay' | 'name'>,
  draft: Pick<Connector, 'type' | 'mode' | 'config'>,
): FieldProblem[] {
  if (draft.mode === 'outbound') return [];
  const wanted = ways.filter((way) => wayOf(engine.types, draft, way) !== undefined);
  if (wanted.some((way) => engine.hasWay(draft.type, way))) return [];
  const found = findMode(engine.types, draft.type, draft.mode);
  const reason = found.outcome === 'found' ? found.mode.withoutWay : undefined;
  return [{ field: 'type', message: reason ?? `gets no events here: ${placeNames[engine.name]}` }];
}

const placeNames = {
  aws: 'a deployment on AWS cannot receive them.',
  embedded: 'a single process cannot receive them; deploy to AWS.',
};
