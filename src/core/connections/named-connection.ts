import type { JsonObject } from '../json/json-value.ts';

/** A set of credentials that is stored once and used by any number of connectors. */
export interface NamedConnection {
  /** UUIDv4. */
  readonly id: string;
  /** Unique. */
  readonly name: string;
  /** Name of its kind. */
  readonly kind: string;
  /** Valid for the kind's schema; without the secret fields. */
  readonly config: JsonObject;
  /** Names of the secret fields that have a value. */
  readonly secretFields: readonly string[];
  /** Increases with every change; writers name the version they have read. */
  readonly version: number;
  /** Connectors may still have the values of an earlier version. */
  readonly isPending: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A connection with the values of its secret fields. */
export interface OpenConnection {
  readonly connection: NamedConnection;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * What a connector has from a connection. The connector's own record and secrets contain the values too, so that nothing
 * that uses a connector reads the connection.
 */
export interface UsedConnection {
  readonly id: string;
  readonly name: string;
  /** The version whose values the connector has. */
  readonly version: number;
  /** Names of the configuration fields that come from the connection. */
  readonly fields: readonly string[];
}
