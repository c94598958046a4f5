import { configSchema, secretFieldNames } from '../../core/connectors/connector-config.ts';
import type { ModeDescription } from '../../core/connectors/connector-type.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { suggestion } from '../../core/nearest-name.ts';
import { isSecretName } from '../../core/redaction/hide-secrets.ts';
import type { ProblemLog } from '../project/problem-log.ts';
import { type LocatedFields, type LocatedValue, plainValue } from '../project/yaml-sources/located-value.ts';

export interface FillContext {
  readonly variables: Variables;
  /**
   * `values`: a variable in a secret field is replaced by its value. `names`: by a reference to the named secret of the
   * same name, so that nothing secret is in the result. `unread`: likewise, even if the variable is only part of the text.
   */
  readonly secretsAs: 'values' | 'names' | 'unread';
  readonly log: ProblemLog;
}

/**
 * The configuration with its variables filled in. A secret that is written out is refused, whatever its value.
 *
 * @param mode `undefined` if the type or the mode is unknown
 */
export function fillConfig(
  config: LocatedFields,
  mode: ModeDescription | undefined,
  context: FillContext,
): JsonObject {
  const secretFields = mode === undefined ? [] : secretFieldNames(mode);
  const schema = mode === undefined ? undefined : configSchema(mode);
  const filled = [...config.entries].map(([name, value]) => {
    const path = ['config', name];
    return secretFields.includes(name)
      ? [name, fillSecret(value, path, context)]
      : [name, fillValue(value, path, propertyOf(schema, name), context)];
  });
  return Object.fromEntries(filled);
}

function fillSecret(value: LocatedValue, path: readonly string[], context: FillContext): JsonValue {
  const { log, variables, secretsAs } = context;
  const field = path.at(-1) ?? '';
  if (value.kind === 'map') return secretReference(value, path, context);
  if (value.kind === 'scalar' && value.value === null) return null;
  if (value.kind === 'list' || typeof value.value !== 'string' || !hasVariables(value.value)) {
    const message = `"${field}" is a secret, which must not be in a file. Write a variable such as \${${variableFor(field)}}, or "secret: <name>" of a named secret.`;
    log.refuse(value, path, message);
    return null;
  }
  if (secretsAs === 'values') return fillText(value.value, value, path, variables, log);
  const name = secretsAs === 'unread' ? variablesIn(value.value)[0] : onlyVariable(value.value);
  if (name !== null && name !== undefined) return { secret: name };
  const message = `"${field}" is a secret, which AWS gets by name: write only one variable, and put the whole text into the secret of this name.`;
  log.refuse(value, path, message);
  return null;
}

function secretReference(value: LocatedFields, path: readonly string[], { log }: FillContext): JsonValue {
  const plain = plainValue(value);
  const name = isJsonObject(plain) && Object.keys(plain).length === 1 ? plain['secret'] : undefined;
  if (typeof name === 'string' && name !== '') return { secret: name };
  log.refuse(value, path, `Expected "secret: <name>" with the name of a named secret.`);
  return null;
}

function variableFor(field: string): string {
  return field.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** Fills the variables in a value, at any depth. */
export function fillValue(
  value: LocatedValue,
  path: readonly PropertyKey[],
  schema: JsonValue | undefined,
  context: FillContext,
): JsonValue {
  if (value.kind === 'list') {
    const items = isJsonObject(schema) ? schema['items'] : undefined;
    return value.items.map((item, index) => fillValue(item, [...path, index], items, context));
  }
  if (value.kind === 'map') {
    const entries = [...value.entries].map(([name, inner]) => [
      name,
      fillValue(inner, [...path, name], propertyOf(schema, name), context),
    ]);
    return Object.fromEntries(entries);
  }
  const { value: written } = value;
  if (typeof written !== 'string') return written;
  const { variables, secretsAs, log } = context;
  const secret =
    secretsAs === 'names' ? variablesIn(written).find((name) => isSecretName(name, 'variable')) : undefined;
  if (secret !== undefined) {
    const message = `The variable ${secret} seems to be a secret, and this field is not: everybody who sees the deployment could read it.`;
    log.refuse(value, path, message);
  }
  const text = fillText(written, value, path, variables, log);
  return hasVariables(written) ? asType(text, schema) : text;
}

/** A variable has only text: where the field wants a number or a truth value, it is read as one. */
function asType(text: string, schema: JsonValue | undefined): JsonValue {
  const type = isJsonObject(schema) ? schema['type'] : undefined;
  if ((type === 'number' || type === 'integer') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function propertyOf(schema: JsonValue | undefined, name: string): JsonValue | undefined {
  const properties = isJsonObject(schema) ? schema['properties'] : undefined;
  return isJsonObject(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Variables by name. */
type Variables = Readonly<Record<string, string | undefined>>;

/** `${NAME}`; `$${NAME}` is the text `${NAME}` itself. */
const variable = /(\$?)\$\{([^}]*)\}/g;
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a text has variables. */
function hasVariables(text: string): boolean {
  return variablesIn(text).length > 0;
}

/** The names of the variables in a text. */
function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(variable)].flatMap(([, dollar, name = '']) => (dollar === '$' ? [] : [name]));
}

/** The name of the variable that a text consists of; `null` if it has other text, too. */
function onlyVariable(text: string): string | null {
  const [name] = variablesIn(text);
  return name !== undefined && text === `\${${name}}` ? name : null;
}

/** Replaces the variables of a text, and reports those that are not set. */
function fillText(
  text: string,
  place: LocatedValue,
  path: readonly PropertyKey[],
  variables: Variables,
  log: ProblemLog,
): string {
  return text.replace(variable, (whole, dollar: string, name: string) => {
    if (dollar === '$') return whole.slice(1);
    const value = variables[name];
    if (value !== undefined && value !== '') return value;
    log.refuse(place, path, variableName.test(name) ? unset(name, variables) : malformed(whole));
    return whole;
  });
}

function unset(name: string, variables: Variables): string {
  const set = Object.entries(variables).flatMap(([one, value]) => (value ? one : []));
  return `The variable ${name} is not set.${suggestion(name, set)}`;
}

function malformed(whole: string): string {
  return `"${whole}" is not a variable such as \${ORDERS_TOPIC}; write $${whole} for this text itself.`;
}
