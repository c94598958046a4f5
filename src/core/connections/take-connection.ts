import type { Connector } from '../connectors/connector.ts';
import { configFieldNames } from '../connectors/connector-config.ts';
import type { AnyConnectorType, ModeDescription } from '../connectors/connector-type.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { JsonObject } from '../json/json-value.ts';
import { suggestion } from '../nearest-name.ts';
import type { Engine } from '../ports/engine.ts';
import type { OpenConnection, UsedConnection } from './named-connection.ts';

/** What a connector takes from a connection; all empty without one. */
export interface Taken {
  readonly used: UsedConnection | null;
  /** Values of the fields, including secret ones. */
  readonly values: JsonObject;
}

export const nothingTaken: Taken = { used: null, values: {} };

export type TakeOutcome =
  | ({ readonly outcome: 'taken' } & Taken)
  | { readonly outcome: 'invalid'; readonly problems: readonly FieldProblem[] };

/** The type and the mode of the connector that takes something. */
export interface Taker {
  readonly type: AnyConnectorType;
  readonly mode: ModeDescription;
}

/**
 * Takes the fields of a connection that a mode has.
 *
 * @param name of the connection; `null` for none
 * @param own the configuration that the connector gives itself: no field may come from both
 * @throws RetryableError when the store is unavailable
 */
export async function takeConnection(
  engine: Engine,
  taker: Taker,
  name: string | null,
  own: JsonObject,
): Promise<TakeOutcome> {
  if (name === null) return { outcome: 'taken', ...nothingTaken };
  const opened = await engine.connections.find(name);
  if (opened === null)
    return invalid([{ field: 'connection', message: await noSuchConnection(engine, name) }]);
  return takeFrom(taker, opened, own);
}

/** The same for a connection that was read before. */
export function takeFrom({ type, mode }: Taker, opened: OpenConnection, own: JsonObject): TakeOutcome {
  const { id, name, kind, version } = opened.connection;
  const refuse = (message: string) => invalid([{ field: 'connection', message }]);
  if (type.connection === undefined) {
    return refuse(`connectors of type "${type.name}" use no connection: leave it out`);
  }
  if (type.connection.name !== kind) {
    return refuse(
      `"${name}" is of type "${kind}"; connectors of type "${type.name}" use connections of type "${type.connection.name}"`,
    );
  }
  const all: JsonObject = { ...opened.connection.config, ...opened.secrets };
  const known = configFieldNames(mode);
  const values = Object.fromEntries(Object.entries(all).filter(([field]) => known.includes(field)));
  const fields = Object.keys(values);
  if (fields.length === 0) return refuse(`"${name}" sets no field that this connector has`);
  const problems = fields
    .filter((field) => own[field] !== undefined && own[field] !== null)
    .map((field) => ({
      field: `config.${field}`,
      message: `comes from the connection "${name}": leave it out, or change it there`,
    }));
  if (problems.length > 0) return invalid(problems);
  return { outcome: 'taken', used: { id, name, version, fields }, values };
}

/** A configuration without the fields that come from the connector's connection. */
export function ownConfig(config: JsonObject, used: UsedConnection | null): JsonObject {
  if (used === null) return config;
  return Object.fromEntries(Object.entries(config).filter(([field]) => !used.fields.includes(field)));
}

/** Names of the secret fields that the connector has itself. */
export function ownSecretFields({ secretFields, connection }: Connector): readonly string[] {
  return secretFields.filter((field) => !connection?.fields.includes(field));
}

/**
 * The configuration that a connector gives itself, with its secret fields. Omits secrets that its record does not name: a
 * change that was cut short has stored them already.
 */
export function ownValues(connector: Connector, secrets: Readonly<Record<string, string>>): JsonObject {
  const names = ownSecretFields(connector);
  const ofSecrets = Object.entries(secrets).filter(([field]) => names.includes(field));
  return { ...ownConfig(connector.config, connector.connection), ...Object.fromEntries(ofSecrets) };
}

/** Problems of a configuration; those of fields that come from a connection name the connection. */
export function problemsOfTaken(
  problems: readonly FieldProblem[],
  used: UsedConnection | null,
): FieldProblem[] {
  return problems.map((problem) => {
    const [, field = ''] = /^config\.([^.]+)/.exec(problem.field) ?? [];
    if (!used?.fields.includes(field)) return problem;
    return { field: 'connection', message: `${field} of "${used.name}": ${problem.message}` };
  });
}

async function noSuchConnection(engine: Engine, name: string): Promise<string> {
  const { items } = await engine.connections.list({ limit: 100, cursor: null });
  const names = items.map((connection) => connection.name);
  return `there is no connection named "${name}".${suggestion(name, names)}`;
}

function invalid(problems: readonly FieldProblem[]): TakeOutcome {
  return { outcome: 'invalid', problems };
}
