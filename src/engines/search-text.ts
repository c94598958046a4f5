import { isJsonObject, type JsonObject, valueAtPath } from '../core/json/json-value.ts';

/** Whether `search` is `key=value`, and the context has that value at the dot path `key`. */
export function matchesContext(search: string, context: () => JsonObject): boolean {
  const [, path, wanted] = /^([\w.-]+)=(.*)$/s.exec(search) ?? [];
  if (path === undefined) return false;
  const value = valueAtPath(context(), path);
  if (value === undefined) return false;
  const shown = isJsonObject(value) || Array.isArray(value) ? JSON.stringify(value) : String(value);
  return shown === wanted;
}

/** Finds a text in any case, either verbatim or as escaped within a JSON string. */
export function textFinder(search: string): (text: string) => boolean {
  const plain = search.toLowerCase();
  const quoted = JSON.stringify(plain).slice(1, -1);
  return (text) => {
    const lower = text.toLowerCase();
    return lower.includes(plain) || lower.includes(quoted);
  };
}
