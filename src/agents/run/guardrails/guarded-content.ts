import { parseExactly } from '../../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject, type JsonValue, Payload } from '../../../core/json/json-value.ts';
import type { MessagePart } from '../../agent-project.ts';
import { contentOfPayload, fileWithText, textOfFile } from '../model-input.ts';

/** What guardrails check, as a whole text, and as the single texts in it. */
export interface Content<Value> {
  readonly value: Value;
  /** As a model reads it, or as the agent answers it. */
  readonly text: string;
  /** Files that are not text: nothing reads them. */
  readonly unreadFiles: number;
  /** The value with each of its texts replaced by another. */
  map(change: (text: string) => string): Value;
}

/** What goes into an agent. */
export interface GuardedInput {
  readonly payload: Payload;
  readonly modelInput: string | null;
}

/** The payload as a model reads it, with the content of files that are text. */
export function inputContent(value: GuardedInput): Content<GuardedInput> {
  const { parts } = contentOfPayload(value.payload, value.modelInput);
  const files = parts.filter((part) => 'data' in part);
  return {
    value,
    text: parts.flatMap(textsOf).join('\n'),
    unreadFiles: files.filter((file) => textOfFile(file) === null).length,
    map(change) {
      const changed = new Map<string, string>();
      const payload = mapPayload(value.payload.exact, (text) => {
        const other = change(text);
        changed.set(text, other);
        return other;
      });
      // Usually, a model reads texts of the payload: what is found in them counts once.
      const again = (text: string) => changed.get(text) ?? change(text);
      const modelInput = value.modelInput === null ? null : mapText(value.modelInput, again);
      return { payload: Payload.of(payload), modelInput };
    },
  };
}

/** What comes out of an agent. */
export function outputContent(text: string): Content<string> {
  return { value: text, text, unreadFiles: 0, map: (change) => mapText(text, change) };
}

/**
 * In JSON text, each text is changed on its own: it still is JSON then, and no escaped character hides where a text
 * begins.
 */
export function mapText(text: string, change: (text: string) => string): string {
  if (!/^\s*[[{"]/.test(text)) return change(text);
  let isChanged = false;
  try {
    const mapped = mapJson(parseExactly(text), (part) => {
      const changed = change(part);
      isChanged ||= changed !== part;
      return changed;
    });
    // Otherwise it keeps its spaces.
    return isChanged ? JSON.stringify(mapped) : text;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return change(text);
    throw thrown;
  }
}

function textsOf(part: MessagePart): readonly string[] {
  if ('text' in part) return [part.text];
  const text = textOfFile(part);
  return [part.name, text].filter((found) => typeof found === 'string');
}

/** Each text of a payload, its numbers as texts, and the files that are text. */
export function mapPayload(payload: JsonValue, change: (text: string) => string): JsonValue {
  const { parts } = contentOfPayload(Payload.of(payload), null);
  const hasFiles = parts.some((part) => 'data' in part);
  if (!hasFiles || !isJsonObject(payload)) return mapJson(payload, change);
  const { files, ...rest } = payload;
  const changed = Array.isArray(files) ? files.map((file) => mapFile(file, change)) : [];
  return { ...mapObject(rest, change), files: changed };
}

function mapFile(file: JsonValue, change: (text: string) => string): JsonValue {
  if (!isJsonObject(file)) return file;
  const { data, mime_type, ...rest } = file;
  const sent = { data: String(data), mime_type: String(mime_type) };
  const text = textOfFile(sent);
  const changed = text === null ? null : mapText(text, change);
  return {
    ...mapObject(rest, change),
    ...(changed === null || changed === text ? sent : fileWithText(sent, changed)),
  };
}

function mapJson(value: JsonValue, change: (text: string) => string): JsonValue {
  // An envelope has its event as JSON text.
  if (typeof value === 'string') return mapText(value, change);
  if (Array.isArray(value)) return value.map((item) => mapJson(item, change));
  if (isJsonObject(value)) return mapObject(value, change);
  if (value === null || typeof value === 'boolean') return value;
  const digits = JSON.stringify(value);
  const changed = change(digits);
  return changed === digits ? value : changed;
}

/** Names of fields are texts, too. Two that become the same stay apart. */
function mapObject(value: JsonObject, change: (text: string) => string): JsonObject {
  const mapped = new Map<string, JsonValue>();
  for (const [name, field] of Object.entries(value)) {
    const plain = change(name);
    let unique = plain;
    for (let count = 2; mapped.has(unique); count++) unique = `${plain} ${count}`;
    mapped.set(unique, mapJson(field, change));
  }
  return Object.fromEntries(mapped);
}
