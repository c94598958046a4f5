import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject } from '../../core/json/json-value.ts';
import { Payload } from '../../core/json/payload.ts';
import { AgentError } from './agent-error.ts';

/**
 * The return value of a tool or middleware as a run's output: text unchanged, `undefined` as empty text, everything
 * else as JSON text.
 *
 * @param author names the tool or middleware, for the error
 * @throws AgentError `output-invalid` for values that JSON cannot represent
 */
export function textOf(value: unknown, author: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  try {
    const text = JSON.stringify(value);
    if (typeof text === 'string') return text;
  } catch {
    // Circular, or a bigint: fails with the same sentence as a function or a symbol.
  }
  throw new AgentError('output-invalid', `${author} returned something that JSON cannot carry.`);
}

/** The payload for the next step of a sequence: a JSON object or array unchanged, any other text as `message`. */
export function payloadOfText(text: string): Payload {
  try {
    const parsed = parseExactly(text);
    if (isJsonObject(parsed) || Array.isArray(parsed)) return Payload.of(parsed);
  } catch {
    // Not JSON: plain text.
  }
  return Payload.of({ message: text });
}
