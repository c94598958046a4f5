import { type JsonObject, type JsonValue, jsonValue } from '../../core/json/json-value.ts';
import type { ToolContext } from '../agent-project.ts';
import type { Invocation, RunScope } from './run-scope.ts';

/** Fields that the product sets; they are not kept as the run's context. */
const givenFields = new Set([
  'run_id',
  'agent_name',
  'connector_id',
  'timestamp',
  'payload',
  'log',
  'signal',
  'token_usage',
  'duration_ms',
]);

/**
 * The context of one agent of a run.
 *
 * @param values set by the trigger and by earlier middleware and tools
 * @param given the fields that the product sets; writing to one of them throws
 */
export function createToolContext(
  values: Readonly<Record<string, unknown>>,
  given: Pick<
    ToolContext,
    'run_id' | 'agent_name' | 'connector_id' | 'timestamp' | 'payload' | 'log' | 'signal'
  >,
): ToolContext {
  const context: ToolContext = { ...values, ...given };
  for (const name of Object.keys(given)) Object.defineProperty(context, name, { writable: false });
  return context;
}

/** The values of a context that the product has not set. */
export function addedValues(context: ToolContext): Record<string, unknown> {
  return Object.fromEntries(Object.entries(context).filter(([name]) => !givenFields.has(name)));
}

/** The context values that are kept with the run: those that JSON can represent. Warnings name all others. */
export function keptValues(
  values: Readonly<Record<string, unknown>>,
  warnings: RunScope['warnings'],
): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(values)) {
    const copy = asJson(value);
    if (copy.outcome === 'json') kept[name] = copy.value;
    else if (value !== undefined)
      warnings.add(`"${name}" of the context is not kept with the run: JSON cannot carry it.`);
  }
  return kept;
}

/** The context as conditions and the system prompt see it: JSON values, including the run's own fields. */
export function visibleValues(context: ToolContext): JsonObject {
  const { log: _log, signal: _signal, ...values } = context;
  return keptValues(values, new Set());
}

/** What conditions read: `input.x` from the payload, `context.x` from the context. */
export function factsOf({ payload, context }: Pick<Invocation, 'payload' | 'context'>): {
  input: JsonValue;
  context: JsonObject;
} {
  return { input: payload.value, context: visibleValues(context) };
}

type AsJson =
  | { readonly outcome: 'json'; readonly value: JsonObject[string] }
  | { readonly outcome: 'not-json' };

function asJson(value: unknown): AsJson {
  try {
    const parsed = jsonValue.safeParse(JSON.parse(JSON.stringify(value)));
    return parsed.success ? { outcome: 'json', value: parsed.data } : { outcome: 'not-json' };
  } catch {
    return { outcome: 'not-json' };
  }
}
