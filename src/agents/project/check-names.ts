import { suggestion } from '../../core/nearest-name.ts';
import { agentName } from './agent-fields.ts';
import { type AgentSource, nameOfFile } from './agent-sources.ts';
import type { ProblemLog } from './problem-log.ts';
import type { CheckedAgent } from './validate-agent.ts';
import { placeOf } from './yaml-sources/located-value.ts';

/** The names in agent files. Where one is missing or invalid, also those that it was probably meant to be. */
export function claimedNames(sources: readonly AgentSource[]): ReadonlySet<string> {
  return new Set(
    sources.flatMap((source) => {
      const name = claimedName(source);
      if (name === null) return nameOfFile(source.file);
      if (agentName.safeParse(name).success) return name;
      return [name, name.toLowerCase().replace(/[^a-z0-9]+/g, '-'), nameOfFile(source.file)];
    }),
  );
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

/**
 * Refuses sequential agents whose steps do not exist or form a cycle.
 *
 * @param names `null` if they are not all known
 */
export function checkSequences(
  agents: readonly CheckedAgent[],
  names: ReadonlySet<string> | null,
  log: ProblemLog,
): void {
  const sequences = agents.flatMap(({ type, fields, source }) => {
    const steps = type === 'sequential' || type === 'invalid' ? fields.agents : undefined;
    return steps === undefined ? [] : { name: fields.name, steps, source };
  });
  const stepsOf = new Map(
    sequences.flatMap(({ name, steps }) => (name === undefined ? [] : [[name, steps]])),
  );
  for (const { name, steps, source } of sequences) {
    for (const [index, step] of steps.entries()) {
      const path = ['agents', index];
      const complaint =
        names === null || names.has(step)
          ? circleThrough(name, step, stepsOf)
          : `There is no agent named "${step}".${suggestion(step, names)}`;
      if (complaint !== null) log.refuse(placeOf(source.value, path), path, complaint);
    }
  }
}

function circleThrough(
  name: string | undefined,
  step: string,
  steps: ReadonlyMap<string, readonly string[]>,
): string | null {
  if (name === undefined) return null;
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
