import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject } from '../../core/json/json-value.ts';
import { Payload } from '../../core/json/payload.ts';
import { AgentError } from './agent-error.ts';

/**
 * What a tool or a middleware returned, as a run's output: a text as it is, everything else as JSON text, nothing as
 * the empty text.
 *
 * @param author names who returned it, for the error
 * @throws AgentError `output-invalid` for what JSON cannot carry
 */
export function textOf(value: unknown, author: string): string {
  if (typeof value === 'string') return value;
  if (value === undefined) return '';
  try {
    const text = JSON.stringify(value);
    if (typeof text === 'string') return text;
  } catch {
    // Circular, or a bigint: the same sentence as for a function or a symbol.
  }
  throw new AgentError('output-invalid', `${author} returned something that JSON cannot carry.`);
}

/** The payload that the next step of a sequence gets: a JSON object or array as it is, any other text as `message`. */
export function payloadOfText(text: string): Payload {
  try {
    const parsed = parseExactly(text);
    if (isJsonObject(parsed) || Array.isArray(parsed)) return Payload.of(parsed);
  } catch {
    // Not JSON: a plain text.
  }
  return Payload.of({ message: text });
}
