import { isJsonObject, type JsonObject, type JsonValue } from '../core/json/json-value.ts';
import { parsePayload } from './argument-values.ts';
import { CliFailure } from './cli-failure.ts';

/**
 * The configuration of `--config`, or `start` without it, with the fields of `--set path=value` applied. A value that
 * is JSON is parsed (`30`, `true`, `["a"]`); any other is text.
 *
 * @throws CliFailure if an option is malformed
 */
export function configFrom(
  options: { readonly config?: string; readonly set?: readonly string[] },
  start: JsonObject = {},
): JsonObject {
  const config: JsonObject = structuredClone(options.config === undefined ? start : objectOf(options.config));
  for (const assignment of options.set ?? []) assign(config, assignment);
  return config;
}

function objectOf(text: string): JsonObject {
  const value = parsePayload(text);
  if (isJsonObject(value) && !/^[^@{-]/.test(text)) return value;
  throw new CliFailure('usage', `--config expects a JSON object, such as '{"timeout_seconds": 30}'.`);
}

function assign(config: JsonObject, assignment: string): void {
  const [path, text] = split(assignment);
  const fields = path.split('.');
  const last = fields.pop() ?? path;
  let target = config;
  for (const field of fields) {
    const inner = Object.hasOwn(target, field) ? target[field] : undefined;
    target = isJsonObject(inner) ? inner : setOwn(target, field, {});
  }
  setOwn(target, last, jsonOrText(text));
}

/** Sets an own property of any name, even `__proto__`. */
function setOwn<Value extends JsonValue>(target: JsonObject, field: string, value: Value): Value {
  Object.defineProperty(target, field, { value, enumerable: true, configurable: true, writable: true });
  return value;
}

function split(assignment: string): [path: string, value: string] {
  const at = assignment.indexOf('=');
  if (at > 0) return [assignment.slice(0, at), assignment.slice(at + 1)];
  throw new CliFailure(
    'usage',
    `--set expects field=value, such as timeout_seconds=30; "${assignment}" has no "=".`,
  );
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
