import type { ConnectorTypes } from '../connectors/connector-type.ts';
import type { FieldProblem } from '../field-problem.ts';
import { type ConnectionKind, connectionKinds } from './connection-kind.ts';

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
