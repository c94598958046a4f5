import { suggestion } from '../../core/nearest-name.ts';
import type { ProblemLog } from '../project/problem-log.ts';
import { type LocatedFields, type LocatedValue, placeOf } from '../project/yaml-sources/located-value.ts';

/** The fields of a connector's file, and what each holds. */
const fields = {
  type: 'the name of a connector type',
  mode: 'inbound, sync, or outbound',
  name: 'text',
  connection: 'the name of a connection',
  config: 'the fields of the type, one per line',
  agents: 'a list of agents: names, or "name" with "when"',
  filter: 'a condition',
  delivery: 'automatic, tool, or code',
  enabled: 'true or false',
  environments: 'names of environments, each with the fields that differ there',
} as const;
type Field = keyof typeof fields;

/** Fields that say what the connector is: they are the same in every environment. */
const fixedFields: ReadonlySet<string> = new Set(['type', 'mode', 'environments']);

/** Fields that other products or later versions have. */
const refusedFields: Readonly<Record<string, string>> = {
  bridge:
    '"bridge" is not supported: there is no tunnel into a private network. Deploy into subnets of that network instead, with the settings subnetIds and securityGroupIds.',
  events: '"events" is not supported yet.',
};

/** Reports fields that a file or one of its environments cannot have. */
export function checkFields(file: LocatedFields, log: ProblemLog): void {
  checkNames(file, [], log);
  const environments = file.entries.get('environments');
  if (environments === undefined) return;
  if (environments.kind !== 'map') {
    refuse(file, ['environments'], log);
    return;
  }
  for (const [name, overrides] of environments.entries) {
    if (overrides.kind === 'map') checkNames(overrides, ['environments', name], log);
    else if (overrides.kind === 'list' || overrides.value !== null) {
      const path = ['environments', name];
      const message = 'Expected the fields that differ in this environment, or {} if none does.';
      log.refuse(placeOf(file, path), path, message);
    }
  }
}

function checkNames(map: LocatedFields, path: readonly string[], log: ProblemLog): void {
  for (const [name, value] of map.entries) {
    const at = [...path, name];
    const message = problemOf(name, path.length > 0);
    if (message !== null) log.refuse(value, at, message);
  }
}

function problemOf(name: string, isOverride: boolean): string | null {
  const refused = Object.hasOwn(refusedFields, name) ? refusedFields[name] : undefined;
  if (refused !== undefined) return refused;
  if (isOverride && fixedFields.has(name)) {
    return `"${name}" is the same in every environment. Write a file of its own for another connector.`;
  }
  if (Object.hasOwn(fields, name)) return null;
  return `There is no field "${name}".${suggestion(name, Object.keys(fields))}`;
}

/** Reports that a field does not hold what it should. */
export function refuse(map: LocatedValue, path: readonly [Field, ...PropertyKey[]], log: ProblemLog): void {
  const isThere = map.kind === 'map' && map.entries.has(path[0]);
  const message = isThere ? `Expected ${fields[path[0]]}.` : `This is missing: expected ${fields[path[0]]}.`;
  log.refuse(placeOf(map, path), path, message);
}
