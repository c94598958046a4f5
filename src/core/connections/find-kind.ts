import type { ConnectionKind, ConnectorTypes } from '../connectors/connector-type.ts';
import type { FieldProblem } from '../field-problem.ts';

/** The kinds of all types by name, in the order of the types. */
export function connectionKinds(types: ConnectorTypes): ReadonlyMap<string, ConnectionKind> {
  const kinds = [...types.values()].flatMap(({ connection }) => connection ?? []);
  return new Map(kinds.map((kind) => [kind.name, kind]));
}

export type FoundKind =
  | { readonly outcome: 'found'; readonly kind: ConnectionKind }
  | { readonly outcome: 'unknown'; readonly problem: FieldProblem };

/** Finds a kind of connections by name, or returns the problem of the field `type`. */
export function findKind(types: ConnectorTypes, name: string): FoundKind {
  const kinds = connectionKinds(types);
  const kind = kinds.get(name);
  if (kind !== undefined) return { outcome: 'found', kind };
  const message = `there are no connections of type "${name}"; known: ${[...kinds.keys()].join(', ')}`;
  return { outcome: 'unknown', problem: { field: 'type', message } };
}
