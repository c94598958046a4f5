import { type Connector, type Mode, modes } from '../core/connectors/connector.ts';
import type { ConnectorTypes } from '../core/connectors/connector-type.ts';
import { wayOf } from '../core/connectors/way-of.ts';
import type { RequestWay } from '../core/connectors/ways.ts';
import type { Engine } from '../core/ports/engine.ts';

/** Where a request was sent: the connector's id, and what follows it in the path. */
export interface RequestTarget {
  readonly connectorId: string;
  /** As a type's request way has it: empty, or such as `/sync`. */
  readonly suffix: string;
}

/** What handles a request: the connector that was called, or a decoy of which nobody can tell. */
export interface FoundRequestWay {
  readonly way: RequestWay;
  readonly connector: Connector;
  readonly isDecoy: boolean;
}

/**
 * Finds who takes a request.
 *
 * @returns `null` where no connector of any type could be called there
 * @throws RetryableError when the store is away
 */
export async function findRequestWay(
  engine: Engine,
  { connectorId, suffix }: RequestTarget,
): Promise<FoundRequestWay | null> {
  const connector = await engine.connectors.get(connectorId);
  const way = connector === null ? undefined : wayOf(engine.types, connector, 'request');
  if (connector !== null && way?.suffix === suffix) return { way, connector, isDecoy: false };
  return decoyOf(engine.types, connectorId, suffix);
}

/** The first type that is called there: its refusals are those of all. */
function decoyOf(types: ConnectorTypes, connectorId: string, suffix: string): FoundRequestWay | null {
  for (const [type, { modes: described }] of types) {
    for (const mode of modes) {
      const way = described[mode]?.ways.request;
      if (way?.suffix === suffix)
        return { way, connector: decoyConnector(connectorId, type, mode, way), isDecoy: true };
    }
  }
  return null;
}

function decoyConnector(id: string, type: string, mode: Mode, way: RequestWay): Connector {
  return {
    id,
    name: '',
    type,
    mode,
    config: way.decoy(),
    secretFields: [],
    agents: [],
    enabled: true,
    disabledReason: null,
    disabledPeriods: [],
    secretHashes: [],
    failingSince: null,
    failureTally: null,
    version: 0,
    createdAt: 0,
    updatedAt: 0,
  };
}

const suffixesOfTypes = new WeakMap<ConnectorTypes, ReadonlySet<string>>();

/** What may follow a connector's id in the path, empty among it. */
export function requestSuffixes(types: ConnectorTypes): ReadonlySet<string> {
  const known = suffixesOfTypes.get(types);
  if (known !== undefined) return known;
  const suffixes = new Set<string>();
  for (const { modes: described } of types.values()) {
    for (const mode of modes) {
      const way = described[mode]?.ways.request;
      if (way !== undefined) suffixes.add(way.suffix);
    }
  }
  suffixesOfTypes.set(types, suffixes);
  return suffixes;
}
