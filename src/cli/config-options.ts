import { isJsonObject, type JsonObject, type JsonValue } from '../core/json/json-value.ts';
import type { ApiClient } from './api-client.ts';
import { parseJson } from './argument-values.ts';
import { CliFailure } from './cli-failure.ts';

interface ConfigOptions {
  readonly config?: string;
  readonly set?: readonly string[];
}

/**
 * The configuration of `--config`, or `start` without it, with the fields of `--set path=value` applied. A value that
 * is JSON is parsed (`30`, `true`, `["a"]`), unless the field takes only text; any other is text.
 *
 * @param schemaOf asks for the JSON Schema of the configuration; `undefined` if it is not known
 * @throws CliFailure if an option is malformed
 */
export async function configFrom(
  { config: given, set = [] }: ConfigOptions,
  schemaOf: () => Promise<JsonObject | undefined>,
  start: JsonObject = {},
): Promise<JsonObject> {
  const config: JsonObject = structuredClone(given === undefined ? start : objectOf(given));
  const assignments = set.map(split);
  const schema = assignments.some(([, text]) => isOtherJson(jsonOrText(text))) ? await schemaOf() : undefined;
  for (const [path, text] of assignments) {
    const value = jsonOrText(text);
    const staysText = isOtherJson(value) && takesOnlyText(path.split('.'), schema);
    assign(config, path, staysText ? text : value);
  }
  return config;
}

/** The JSON Schema of a mode's configuration; `undefined` for an unknown type or mode. */
export async function connectorSchema(
  api: ApiClient,
  type: string,
  mode: string,
): Promise<JsonObject | undefined> {
  const { items } = await api.listConnectorTypes();
  const found = items.find(({ name }) => name === type)?.modes.find((one) => one.mode === mode);
  return found?.config_schema;
}

/** The JSON Schema of a connection's fields; `undefined` for an unknown type. */
export async function connectionSchema(api: ApiClient, type: string): Promise<JsonObject | undefined> {
  const { items } = await api.listConnectionTypes();
  return items.find(({ name }) => name === type)?.config_schema;
}

/** Whether a value could be meant as text; `null` removes a field. */
function isOtherJson(value: JsonValue): boolean {
  return value !== null && typeof value !== 'string';
}

/** Whether all forms of a field are text. */
function takesOnlyText([name = '', ...inner]: readonly string[], schema: JsonObject | undefined): boolean {
  const found = formsOf(schema).flatMap(({ properties }) => {
    const field = isJsonObject(properties) ? properties[name] : undefined;
    return isJsonObject(field) ? [field] : [];
  });
  if (inner.length > 0) return found.some((field) => takesOnlyText(inner, field));
  const types = found.flatMap(formsOf).flatMap(({ type }) => type ?? []);
  return types.length > 0 && types.every((type) => type === 'string');
}

/** A schema and its alternatives. */
function formsOf(schema: JsonObject | undefined): JsonObject[] {
  if (schema === undefined) return [];
  const lists: (JsonValue | undefined)[] = [schema['oneOf'], schema['anyOf']];
  return [schema, ...lists.flatMap((list) => (Array.isArray(list) ? list.filter(isJsonObject) : []))];
}

function objectOf(text: string): JsonObject {
  const example = `such as '{"timeout_seconds": 30}'.`;
  const value = parseJson(text, `--config is not valid JSON. It expects a JSON object, ${example}`);
  if (isJsonObject(value) && !/^[^@{-]/.test(text)) return value;
  throw new CliFailure('usage', `--config expects a JSON object, ${example}`);
}

function assign(config: JsonObject, path: string, value: JsonValue): void {
  const fields = path.split('.');
  const last = fields.pop() ?? path;
  let target = config;
  for (const field of fields) {
    const inner = Object.hasOwn(target, field) ? target[field] : undefined;
    target = isJsonObject(inner) ? inner : setOwn(target, field, {});
  }
  setOwn(target, last, value);
}

/** Sets an own property of any name, even `__proto__`. */
function setOwn<Value extends JsonValue>(target: JsonObject, field: string, value: Value): Value {
  Object.defineProperty(target, field, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

function split(assignment: string): [path: string, value: string] {
  const at = assignment.indexOf('=');
  if (at > 0) return [assignment.slice(0, at), assignment.slice(at + 1)];
  throw new CliFailure(
    'usage',
    `--set expects field=value, such as timeout_seconds=30; "${assignment}" has no "=".`,
  );
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
