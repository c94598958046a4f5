import type { Mode } from '../connectors/connector.ts';
import { originsOf } from '../connectors/link-agent.ts';
import type { FieldProblem } from '../field-problem.ts';
import type { JsonObject } from '../json/json-value.ts';
import { suggestion } from '../nearest-name.ts';

/** A connector that others can name as their origin. */
export interface Named {
  readonly id: string;
  readonly mode: Mode;
}

/**
 * The connectors after an apply, by what a file can call them: the names of their files, their own names, and their ids.
 * Ids differ between deployments, so files use names.
 */
export type ConnectorsByName = ReadonlyMap<string, Named>;

/** Replaces the names of origins in an outbound connector's configuration with ids. */
export function resolveOrigins(
  config: JsonObject,
  known: ConnectorsByName,
): { readonly config: JsonObject; readonly problems: readonly FieldProblem[] } {
  const origins = originsOf(config);
  if (origins.length === 0) return { config, problems: [] };
  const problems: FieldProblem[] = [];
  const ids = origins.map((origin, index) => {
    const found = known.get(origin);
    if (found !== undefined && found.mode !== 'outbound') return found.id;
    const names = [...known].filter(([, { mode }]) => mode !== 'outbound').map(([name]) => name);
    const message = `there is no inbound or sync connector "${origin}".${suggestion(origin, names)}`;
    problems.push({ field: `from_connectors.${index}`, message });
    return origin;
  });
  return { config: { ...config, from_connectors: ids }, problems };
}
