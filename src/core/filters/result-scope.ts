import type { ConditionScope } from '../conditions/evaluate-condition.ts';
import { isJsonObject, type JsonValue } from '../json/json-value.ts';
import type { Run } from '../runs/run.ts';

/** What the conditions of an outbound connector can read of an ended run. */
export function resultScope({ output, status, payload, context }: Run): ConditionScope {
  return { output: jsonOrText(output), status, input: payload.value, context };
}

/** The same for a made-up result: an object with these parts, or only the output. */
export function scopeOfResult(given: JsonValue): ConditionScope {
  const { output = null, ...others } = isJsonObject(given) ? given : { output: given };
  return { ...others, output: typeof output === 'string' ? jsonOrText(output) : output };
}

/** An output as JSON if it is JSON, otherwise as text. */
function jsonOrText(output: string | null): JsonValue {
  if (output === null) return null;
  try {
    return JSON.parse(output);
  } catch {
    return output;
  }
}
