import { parseCondition } from '../conditions/parse-condition.ts';
import type { FieldProblem } from '../field-problem.ts';

/** What a connector and its links want, as operators wrote it. */
export interface ConnectorConditions {
  /** `null`: the connector wants every event, or the result of every run. */
  readonly filter: string | null;
  /** Conditions of links, by the agent's name; the other links want everything. */
  readonly links: Readonly<Record<string, string>>;
}

export const noConditions: ConnectorConditions = { filter: null, links: {} };

/** What the conditions of inbound and sync connectors can read. */
export const eventRoots = ['input', 'context', 'connector'] as const;

/** What the conditions of outbound connectors can read. */
export const resultRoots = ['output', 'status', 'input', 'context'] as const;

/** A link as operators give it: an agent's name, or the name with a condition. */
export type GivenLink = string | { readonly name: string; readonly when?: string | null | undefined };

/** Conditions with a changed filter, or with those of changed links. */
export function withConditions(
  before: ConnectorConditions,
  change: { readonly filter?: string | null; readonly links?: Readonly<Record<string, string>> },
): ConnectorConditions {
  return {
    filter: change.filter === undefined ? before.filter : conditionOrNone(change.filter),
    links: change.links ?? before.links,
  };
}

/** Whether there is any condition. */
export function hasConditions({ filter, links }: ConnectorConditions): boolean {
  return filter !== null || Object.keys(links).length > 0;
}

/** The agent's name of a link. */
export function nameOfLink(link: GivenLink): string {
  return typeof link === 'string' ? link : link.name;
}

/** The conditions of links, by the agent's name. Blank ones count as none. */
export function conditionsOfLinks(links: readonly GivenLink[]): Record<string, string> {
  return Object.fromEntries(
    links.flatMap((link) => {
      const when = typeof link === 'string' ? null : conditionOrNone(link.when);
      return when === null ? [] : [[nameOfLink(link), when]];
    }),
  );
}

/** A condition without the space around it; `null` if it is blank or absent. */
export function conditionOrNone(text: string | null | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** Problems of the conditions of links. */
export function linkConditionProblems(links: readonly GivenLink[], isOutbound: boolean): FieldProblem[] {
  return links.flatMap((link, index) =>
    typeof link === 'string' ? [] : conditionProblems(`agents.${index}.when`, link.when, isOutbound),
  );
}

/** The problem of a condition, with its position. @param field that has the condition */
export function conditionProblems(
  field: string,
  text: string | null | undefined,
  isOutbound: boolean,
): FieldProblem[] {
  const condition = conditionOrNone(text);
  if (condition === null) return [];
  const parsed = parseCondition(condition, isOutbound ? resultRoots : eventRoots);
  if (parsed.outcome === 'parsed') return [];
  return [{ field, message: `is invalid at character ${parsed.position}: ${parsed.message}` }];
}
