import { hasAlteredNumber, isJsonObject, type JsonObject, parseExactly } from '../../core/json/json-value.ts';

/**
 * A message whose arguments keep the digits of their numbers; its other parts are read as `JSON.parse` reads them.
 *
 * @returns `null` if `JSON.parse` reads the text as exactly, or the text is no single call
 */
export function exactMessage(text: string): JsonObject | null {
  if (!hasAlteredNumber(text)) return null;
  const exact = read(text, parseExactly);
  const plain = read(text, JSON.parse);
  if (!isJsonObject(exact) || !isJsonObject(exact['params'])) return null;
  if (!isJsonObject(plain) || !isJsonObject(plain['params'])) return null;
  const { arguments: given } = exact['params'];
  return given === undefined ? null : { ...plain, params: { ...plain['params'], arguments: given } };
}

function read(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}
