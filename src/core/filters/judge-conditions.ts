import type { Condition } from '../conditions/condition.ts';
import { type ConditionScope, judgeCondition } from '../conditions/evaluate-condition.ts';
import { parseCondition } from '../conditions/parse-condition.ts';
import { type ConnectorConditions, eventRoots, resultRoots } from './connector-conditions.ts';

/** Whether one linked agent wants an event, or the connector the result of a run of that agent. */
export interface Verdict {
  readonly name: string;
  readonly wanted: boolean;
  /** Why not, in one sentence; `null` if it is wanted. */
  readonly reason: string | null;
  /** Whether a condition could not be evaluated: an error counts as not wanted. */
  readonly isError: boolean;
}

/**
 * Judges linked agents by the connector's condition and by those of the links.
 *
 * @param names of the agents
 */
export function judgeConditions(
  conditions: ConnectorConditions,
  names: readonly string[],
  scope: ConditionScope,
): readonly Verdict[] {
  const { filter, links } = readConditions(conditions);
  const ofFilter = filter === null ? wanted : judge(filter, 'The filter of the connector', scope);
  return names.map((name) => {
    const link = links.get(name);
    const verdict =
      !ofFilter.wanted || link === undefined
        ? ofFilter
        : judge(link, `The condition of the link to "${name}"`, scope);
    return { name, ...verdict };
  });
}

type Judged = Omit<Verdict, 'name'>;

const wanted: Judged = { wanted: true, reason: null, isError: false };

interface ReadCondition {
  readonly text: string;
  /** `null` if this version cannot read it. */
  readonly condition: Condition | null;
}

function judge({ text, condition }: ReadCondition, subject: string, scope: ConditionScope): Judged {
  if (condition === null) {
    const reason = `${subject} cannot be read: ${shortened(text)}`;
    return { wanted: false, reason, isError: true };
  }
  const judged = judgeCondition(condition, scope);
  if (judged.outcome === 'holds') return wanted;
  if (judged.outcome === 'error') {
    const reason = `${subject} has an error: ${shortened(text)} (${judged.message})`;
    return { wanted: false, reason, isError: true };
  }
  return { wanted: false, reason: `${subject} is false: ${shortened(text)}`, isError: false };
}

const longestShown = 200;

function shortened(text: string): string {
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}

interface ReadConditions {
  readonly filter: ReadCondition | null;
  readonly links: ReadonlyMap<string, ReadCondition>;
}

/** A connector stays the same object until it changes, and events come often. */
const known = new WeakMap<ConnectorConditions, ReadConditions>();

function readConditions(conditions: ConnectorConditions): ReadConditions {
  const before = known.get(conditions);
  if (before !== undefined) return before;
  const { filter, links } = conditions;
  const read: ReadConditions = {
    filter: filter === null ? null : readCondition(filter),
    links: new Map(Object.entries(links).map(([name, text]) => [name, readCondition(text)])),
  };
  known.set(conditions, read);
  return read;
}

/** What a condition can read was checked when it was saved. */
const roots = [...new Set([...eventRoots, ...resultRoots])];

function readCondition(text: string): ReadCondition {
  const parsed = parseCondition(text, roots);
  return { text, condition: parsed.outcome === 'parsed' ? parsed.condition : null };
}
