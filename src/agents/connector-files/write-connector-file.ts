import { Document } from 'yaml';
import { orderedJson } from '../../core/code/code-state.ts';
import { isFileName } from '../../core/code/plan.ts';
import type { DeliveryMode, Mode } from '../../core/connectors/connector.ts';
import { configSchema } from '../../core/connectors/connector-config.ts';
import type { ConnectorTypes } from '../../core/connectors/connector-type.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';

/** A connector that exists. */
export interface ExistingConnector {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly mode: Mode;
  readonly config: JsonObject;
  readonly secretFields: readonly string[];
  /** Name of its connection, whose fields are not in `config`. */
  readonly connection: string | null;
  readonly agents: readonly (string | { readonly name: string; readonly when: string })[];
  readonly filter: string | null;
  /** `null` for other than outbound connectors. */
  readonly delivery: DeliveryMode | null;
  readonly enabled: boolean;
  /** `null` if it does not come from code. */
  readonly key: string | null;
}

export interface WrittenConnector {
  readonly key: string;
  readonly text: string;
  /** Variables that hold its secrets. */
  readonly variables: readonly string[];
}

/** Files that describe connectors as they are, with variables in place of their secrets. */
export function writeConnectorFiles(
  connectors: readonly ExistingConnector[],
  types: ConnectorTypes,
): readonly WrittenConnector[] {
  const keys = keysOf(connectors);
  return connectors.map((connector) => {
    const key = keys.get(connector.id) ?? connector.id;
    const variables = connector.secretFields.map((field) => [field, variableFor(key, field)] as const);
    const config = {
      ...written(configOf(connector, types, keys)),
      ...Object.fromEntries(variables.map(([field, variable]) => [field, `\${${variable}}`])),
    };
    const document = new Document({
      type: connector.type,
      mode: connector.mode,
      ...(connector.name === key ? {} : { name: escaped(connector.name) }),
      ...(connector.enabled ? {} : { enabled: false }),
      ...(connector.connection === null ? {} : { connection: escaped(connector.connection) }),
      ...(Object.keys(config).length === 0 ? {} : { config }),
      ...(connector.agents.length === 0 ? {} : { agents: connector.agents.map(writtenLink) }),
      ...(connector.filter === null ? {} : { filter: escaped(connector.filter) }),
      ...((connector.delivery ?? 'automatic') === 'automatic' ? {} : { delivery: connector.delivery }),
    });
    return {
      key,
      text: document.toString({ lineWidth: 0 }),
      variables: variables.map(([, variable]) => variable),
    };
  });
}

function writtenLink(link: ExistingConnector['agents'][number]) {
  return typeof link === 'string' ? link : { name: link.name, when: escaped(link.when) };
}

/** A different key for each connector: the one it has, or one made of its name. None leads out of the folder. */
function keysOf(connectors: readonly ExistingConnector[]): ReadonlyMap<string, string> {
  const keys = new Map(
    connectors.flatMap(({ id, key }) => (key === null || !isFileName(key) ? [] : [[id, key]])),
  );
  const taken = new Set(keys.values());
  for (const { id, name } of connectors) {
    if (keys.has(id)) continue;
    const wanted = slugOf(name);
    let free = wanted;
    for (let count = 2; taken.has(free); count++) free = `${wanted}-${count}`;
    taken.add(free);
    keys.set(id, free);
  }
  return keys;
}

function slugOf(name: string): string {
  const words =
    name
      .normalize('NFKD')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  return words.join('-').slice(0, 80) || 'connector';
}

function variableFor(key: string, field: string): string {
  const name = `${key}_${field}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
  return /^[0-9]/.test(name) ? `_${name}` : name;
}

/** Without defaults, and with the names of other connectors instead of their ids. */
function configOf(
  { type, mode, config }: ExistingConnector,
  types: ConnectorTypes,
  keys: ReadonlyMap<string, string>,
): JsonObject {
  const described = types.get(type)?.modes[mode];
  const { properties } = described === undefined ? {} : configSchema(described);
  const defaultOf = (field: string): JsonValue | undefined => {
    const property = isJsonObject(properties) ? properties[field] : undefined;
    return isJsonObject(property) ? property['default'] : undefined;
  };
  const kept = Object.entries(config).filter(([field, value]) => {
    const usual = defaultOf(field);
    return usual === undefined || orderedJson(usual) !== orderedJson(value);
  });
  const named = kept.map(([field, value]): [string, JsonValue] =>
    field === 'from_connectors' && Array.isArray(value)
      ? [field, value.map((id) => (typeof id === 'string' ? (keys.get(id) ?? id) : id))]
      : [field, value],
  );
  return Object.fromEntries(named);
}

function written(value: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, escapedValue(inner)]));
}

function escapedValue(value: JsonValue): JsonValue {
  if (typeof value === 'string') return escaped(value);
  if (Array.isArray(value)) return value.map(escapedValue);
  return isJsonObject(value) ? written(value) : value;
}

/** A text that looks like a variable and is none. */
function escaped(text: string): string {
  return text.replaceAll('${', () => '$${');
}
