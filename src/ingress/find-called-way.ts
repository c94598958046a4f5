import { type Connector, type Mode, modes } from '../core/connectors/connector.ts';
import { wayOf } from '../core/connectors/connector-config.ts';
import type { ConnectorTypes } from '../core/connectors/connector-type.ts';
import { type ReceiveContext, type Received, unauthorized } from '../core/connectors/received.ts';
import type { Ways } from '../core/connectors/ways.ts';
import type { JsonObject } from '../core/json/json-value.ts';
import type { Engine } from '../core/ports/engine.ts';

/** The target of a call: the connector's id, and the rest of the path. */
export interface CallTarget {
  readonly connectorId: string;
  /** The suffix of a type's way: empty, or for example `/sync`. */
  readonly suffix: string;
}

/** The ways that use a connector's URL. */
export type CalledWay = 'request' | 'socket';

type WayNamed<Name extends CalledWay> = NonNullable<Ways<unknown>[Name]>;

/** What handles a call: the called connector, or a decoy that callers cannot tell from one. */
export interface FoundWay<Name extends CalledWay> {
  readonly way: WayNamed<Name>;
  readonly connector: Connector;
  readonly isDecoy: boolean;
}

/**
 * Finds what handles a request or a connection.
 *
 * @returns `null` if no connector of any type can be called there in this way
 * @throws RetryableError when the store is unavailable
 */
export async function findCalledWay<Name extends CalledWay>(
  engine: Engine,
  { connectorId, suffix }: CallTarget,
  name: Name,
): Promise<FoundWay<Name> | null> {
  const connector = await engine.connectors.get(connectorId);
  const way: Ways<unknown>[Name] | undefined =
    connector === null ? undefined : wayOf(engine.types, connector, name);
  if (connector !== null && way?.suffix === suffix) return { way, connector, isDecoy: false };
  return decoyOf(engine.types, connectorId, suffix, name);
}

/** A decoy of the first type with this suffix: all types refuse alike. */
function decoyOf<Name extends CalledWay>(
  types: ConnectorTypes,
  connectorId: string,
  suffix: string,
  name: Name,
): FoundWay<Name> | null {
  for (const [type, { modes: described }] of types) {
    for (const mode of modes) {
      const way: Ways<unknown>[Name] | undefined = described[mode]?.ways[name];
      if (way?.suffix === suffix)
        return { way, connector: decoyConnector(connectorId, type, mode, way.decoy()), isDecoy: true };
    }
  }
  return null;
}

function decoyConnector(id: string, type: string, mode: Mode, config: JsonObject): Connector {
  return {
    id,
    name: '',
    type,
    mode,
    config,
    secretFields: [],
    connection: null,
    agents: [],
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    paused: null,
    secretHashes: [],
    failingSince: null,
    failureTally: null,
    version: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}

type Suffixes = Readonly<Record<CalledWay, ReadonlySet<string>>>;

const suffixesByTypes = new WeakMap<ConnectorTypes, Suffixes>();

/** For each way, the suffixes that may follow a connector's id in the path, including the empty one. */
export function suffixesOf(types: ConnectorTypes): Suffixes {
  const known = suffixesByTypes.get(types);
  if (known !== undefined) return known;
  const suffixes = { request: collectSuffixes(types, 'request'), socket: collectSuffixes(types, 'socket') };
  suffixesByTypes.set(types, suffixes);
  return suffixes;
}

function collectSuffixes(types: ConnectorTypes, name: CalledWay): ReadonlySet<string> {
  const used = [...types.values()].flatMap((type) => modes.map((mode) => type.modes[mode]?.ways[name]));
  return new Set(used.flatMap((way) => (way === undefined ? [] : [way.suffix])));
}

/** The context for a decoy's type: it admits nobody. */
export function decoyContext(context: ReceiveContext): ReceiveContext {
  return {
    ...context,
    admit: () => unauthorized,
    agents: () => [],
    findRun: async () => null,
    cancelRuns: async () => {},
  };
}

/** The outcome of an event at a decoy: it starts nothing, and writes no history under an unknown id. */
export function decoyReceived(received: Received): Received {
  if (received.outcome === 'answered') return { ...received, reason: null };
  return received.outcome === 'accepted' ? unauthorized : received;
}
