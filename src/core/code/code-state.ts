import { ownConfig, ownSecretFields } from '../connections/take-connection.ts';
import { type Connector, linksOf } from '../connectors/connector.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/json-value.ts';

/** A field of a connector that has one value and gets, or got, another. */
export interface FieldChange {
  /** Dot path: `name`, `agents`, `config.topic`. */
  readonly field: string;
  /** `null` if the field was not set, or if it is secret. */
  readonly before: JsonValue;
  /** `null` if the field is not set any more, or if it is secret. */
  readonly after: JsonValue;
  readonly isSecret: boolean;
}

/**
 * The fields of a connector that its file decides, without secrets: those have only their names. Of a connection, only
 * its name: a change of the connection is no edit of its connectors.
 */
export function codeStateOf(connector: Connector): JsonObject {
  const { name, enabled, config, connection, conditions, byChoice } = connector;
  return {
    name,
    connection: connection?.name ?? null,
    agents: linksOf(connector),
    ...(conditions === undefined || conditions.filter === null ? {} : { filter: conditions.filter }),
    ...(byChoice === undefined ? {} : { delivery: byChoice.by }),
    enabled,
    config: ownConfig(config, connection),
    secret_fields: [...ownSecretFields(connector)].sort(),
  };
}

/** What an edit has changed since the connector's file was applied; empty if it does not come from code. */
export function driftOf(connector: Connector): FieldChange[] {
  if (connector.code === undefined) return [];
  return changesBetween(connector.code.applied, codeStateOf(connector));
}

/** The fields in which two states differ. */
export function changesBetween(before: JsonObject, after: JsonObject): FieldChange[] {
  const [old, wanted] = [fieldsOf(before), fieldsOf(after)];
  const names = new Set([...old.keys(), ...wanted.keys()]);
  return [...names].flatMap((field) => {
    const [was, is] = [old.get(field) ?? unset, wanted.get(field) ?? unset];
    if (was.text === is.text) return [];
    return [{ field, before: was.shown, after: is.shown, isSecret: was === secret || is === secret }];
  });
}

interface Field {
  /** Equal for equal values. */
  readonly text: string;
  readonly shown: JsonValue;
}

const unset: Field = { text: '', shown: null };
const secret: Field = { text: 'secret', shown: null };

function fieldsOf({ config, secret_fields, ...others }: JsonObject): ReadonlyMap<string, Field> {
  const open = { ...others, ...prefixed(isJsonObject(config) ? config : {}) };
  const fields = Object.entries(open).map(
    ([name, shown]) => [name, { text: orderedJson(shown), shown }] as const,
  );
  const secrets = Array.isArray(secret_fields) ? secret_fields : [];
  return new Map<string, Field>([...fields, ...secrets.map((name) => [`config.${name}`, secret] as const)]);
}

function prefixed(config: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(config).map(([name, value]) => [`config.${name}`, value]));
}

/** JSON text that is equal for equal values, whatever the order of their keys. */
export function orderedJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isJsonObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );
}
