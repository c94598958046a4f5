import type { FieldProblem } from '../field-problem.ts';
import type { Mode } from './connector.ts';
import type { AnyConnectorType, ConnectorTypes, ModeDescription } from './connector-type.ts';

export type FoundMode =
  | { readonly outcome: 'found'; readonly type: AnyConnectorType; readonly mode: ModeDescription }
  | { readonly outcome: 'unknown'; readonly problem: FieldProblem };

/** Finds a type and one of its modes by name, or returns the problem of the field with the unknown name. */
export function findMode(types: ConnectorTypes, typeName: string, modeName: Mode): FoundMode {
  const type = types.get(typeName);
  if (type === undefined) {
    const known = [...types.keys()].join(', ');
    const message = `there is no connector type "${typeName}"; known: ${known}`;
    return { outcome: 'unknown', problem: { field: 'type', message } };
  }
  const mode = type.modes[modeName];
  if (mode !== undefined) return { outcome: 'found', type, mode };
  const modes = Object.keys(type.modes).join(', ');
  const message = `connectors of type "${type.name}" have the modes ${modes}`;
  return { outcome: 'unknown', problem: { field: 'mode', message } };
}
