import { Script } from 'node:vm';
import type { GuardrailPattern } from '../../agent-definition.ts';

/**
 * How long the patterns of one guardrail may take for one text, in ms. Runs share a thread, and JavaScript's expressions
 * can backtrack for years.
 */
const patienceMs = 1_000;

/** The share of the time limit that the thread must have computed: on an idle machine, it is nearly all of it. */
const ownShare = 0.8;

export type Matched =
  | { readonly outcome: 'none' }
  | { readonly outcome: 'matched'; readonly pattern: GuardrailPattern }
  /** The pattern that was not finished. */
  | { readonly outcome: 'too-slow'; readonly pattern: GuardrailPattern };

/** The work of the script below. */
const task = Symbol.for('agent-connectors.pattern');
/** Only code that a script runs can be interrupted. */
const script = new Script(`globalThis[Symbol.for(${JSON.stringify(Symbol.keyFor(task))})]()`);

/**
 * The first pattern that occurs in a text.
 *
 * @param timeoutMs how long this thread may compute; time in which a busy machine lets it wait does not count
 */
export function matchPatterns(
  patterns: readonly GuardrailPattern[],
  text: string,
  timeoutMs = patienceMs,
): Matched {
  let current: GuardrailPattern | undefined;
  const find = () =>
    patterns.find((pattern) => {
      current = pattern;
      return new RegExp(pattern.pattern, pattern.flags).test(text);
    });
  const begin = process.threadCpuUsage();
  for (;;) {
    try {
      const pattern = interruptible(find, timeoutMs);
      return pattern === undefined ? { outcome: 'none' } : { outcome: 'matched', pattern };
    } catch (thrown) {
      if (current === undefined || !isTimeout(thrown)) throw thrown;
      const { user, system } = process.threadCpuUsage(begin);
      if (user + system >= timeoutMs * 1_000 * ownShare) return { outcome: 'too-slow', pattern: current };
    }
  }
}

/** @throws Error `ERR_SCRIPT_EXECUTION_TIMEOUT` */
function interruptible<Value>(work: () => Value, timeoutMs: number): Value {
  const results: Value[] = [];
  Reflect.set(globalThis, task, () => results.push(work()));
  try {
    script.runInThisContext({ timeout: timeoutMs });
    return results[0] as Value;
  } finally {
    Reflect.deleteProperty(globalThis, task);
  }
}

function isTimeout(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
