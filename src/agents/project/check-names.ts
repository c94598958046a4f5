import { suggestion } from '../../core/nearest-name.ts';
import type { AgentSource } from './agent-sources.ts';
import type { ProblemLog } from './problem-log.ts';
import type { ValidAgent } from './validate-agent.ts';
import { placeOf } from './yaml-sources/located-value.ts';

/** The names in agent files, including invalid ones. */
export function claimedNames(sources: readonly AgentSource[]): ReadonlySet<string> {
  return new Set(sources.flatMap((source) => claimedName(source) ?? []));
}

/** Refuses every agent whose name an earlier one has. */
export function checkUniqueNames(sources: readonly AgentSource[], log: ProblemLog): void {
  const files = new Map<string, string>();
  for (const source of sources) {
    const name = claimedName(source);
    if (name === null) continue;
    const earlier = files.get(name);
    if (earlier === undefined) files.set(name, source.file);
    else
      log.refuse(
        placeOf(source.value, ['name']),
        ['name'],
        `"${name}" is already the name of the agent in ${earlier}.`,
      );
  }
}

/** Refuses sequential agents whose steps do not exist or form a cycle. */
export function checkSequences(
  agents: readonly ValidAgent[],
  names: ReadonlySet<string>,
  log: ProblemLog,
): void {
  const steps = new Map(
    agents.flatMap(({ type, fields }) =>
      type === 'sequential' ? [[fields.name, fields.agents] as const] : [],
    ),
  );
  for (const { type, fields, source } of agents) {
    if (type !== 'sequential') continue;
    for (const [index, step] of fields.agents.entries()) {
      const path = ['agents', index];
      const complaint = names.has(step)
        ? circleThrough(fields.name, step, steps)
        : `There is no agent named "${step}".${suggestion(step, names)}`;
      if (complaint !== null) log.refuse(placeOf(source.value, path), path, complaint);
    }
  }
}

function circleThrough(
  name: string,
  step: string,
  steps: ReadonlyMap<string, readonly string[]>,
): string | null {
  const way = wayBetween(step, name, steps, new Set());
  return way === null ? null : `The agents form a cycle: ${[name, ...way].join(' -> ')}.`;
}

/** The names from one agent down to another, inclusive; `null` if no step leads there. */
function wayBetween(
  from: string,
  to: string,
  steps: ReadonlyMap<string, readonly string[]>,
  seen: Set<string>,
): readonly string[] | null {
  if (from === to) return [from];
  if (seen.has(from)) return null;
  seen.add(from);
  for (const next of steps.get(from) ?? []) {
    const way = wayBetween(next, to, steps, seen);
    if (way !== null) return [from, ...way];
  }
  return null;
}

function claimedName({ value }: AgentSource): string | null {
  const name = value.kind === 'map' ? value.entries.get('name') : undefined;
  return name?.kind === 'scalar' && typeof name.value === 'string' ? name.value : null;
}
