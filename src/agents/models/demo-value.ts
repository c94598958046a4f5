import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json-value.ts';

/** Deeper than this, optional fields and items are left out: a schema may refer to itself. */
const maxDepth = 6;

const textOfFormat: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  time: '12:00:00Z',
  'date-time': '2026-01-31T12:00:00Z',
  duration: 'PT1H',
  email: 'demo@example.com',
  'idn-email': 'demo@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/demo',
  url: 'https://example.com/demo',
  'uri-reference': '/demo',
  uuid: '00000000-0000-4000-8000-000000000000',
  'json-pointer': '/demo',
  regex: '.*',
  byte: 'ZGVtbw==',
};

/** Tried where a text has to match a pattern; a pattern that none of them matches is beyond the demo model. */
const textsForPatterns = [
  'demo',
  'Demo',
  'DEMO',
  'demo-1',
  'DEMO-1',
  'A-1',
  'A1',
  'ABC',
  'EUR',
  'EN',
  'en',
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '1.0',
  '1.0.0',
  '2026-01-31',
  '2026-01',
  '12:00',
  '+4912345678',
  '#aabbcc',
  'demo@example.com',
  'https://example.com/demo',
  '00000000-0000-4000-8000-000000000000',
];

/**
 * A value that fits a JSON Schema: the first of an enumeration, the least number that is allowed, every property.
 *
 * @param text what free texts say
 */
export function demoValue(schema: JsonObject, text: string): JsonValue {
  return new DemoValues(schema, text).valueOf(schema, 0);
}

class DemoValues {
  readonly #root: JsonObject;
  readonly #text: string;

  constructor(root: JsonObject, text: string) {
    this.#root = root;
    this.#text = text;
  }

  valueOf(original: JsonValue | undefined, depth: number): JsonValue {
    const schema = this.#resolved(original, depth);
    if (schema.const !== undefined) return schema.const;
    if (schema.default !== undefined) return schema.default;
    if (Array.isArray(schema.enum)) return schema.enum[0] ?? null;
    switch (typeOf(schema)) {
      case 'object':
        return this.#object(schema, depth);
      case 'array':
        return this.#array(schema, depth);
      case 'integer':
      case 'number':
        return numberOf(schema);
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return textOf(schema, this.#text);
    }
  }

  /** The schema with its reference followed, its parts joined, and the first of its alternatives taken. */
  #resolved(original: JsonValue | undefined, depth: number): JsonObject {
    if (!isJsonObject(original)) return {};
    const { $ref, allOf, anyOf, oneOf, ...own } = original;
    const parts = Array.isArray(allOf) ? allOf : [];
    const alternatives = [anyOf, oneOf].map((list) =>
      Array.isArray(list) ? this.#alternative(list, depth) : {},
    );
    const referred =
      typeof $ref === 'string' && depth < maxDepth * 2 ? this.#resolved(this.#target($ref), depth + 1) : {};
    const joined = [...parts, ...alternatives].map((part) => this.#resolved(part, depth + 1));
    return [referred, ...joined].reduce(join, own);
  }

  /** Where a schema refers to itself, the alternative that ends it. */
  #alternative(list: readonly JsonValue[], depth: number): JsonValue {
    const plain = list.find((part) => isJsonObject(part) && part.$ref === undefined);
    return (depth >= maxDepth ? plain : undefined) ?? list[0] ?? {};
  }

  #target(reference: string): JsonValue | undefined {
    const path = reference
      .replace(/^#\/?/, '')
      .split('/')
      .filter((part) => part !== '');
    let target: JsonValue | undefined = this.#root;
    for (const part of path) {
      const name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
      target = isJsonObject(target) && Object.hasOwn(target, name) ? target[name] : undefined;
    }
    return target;
  }

  #object(schema: JsonObject, depth: number): JsonObject {
    const properties = isJsonObject(schema.properties) ? schema.properties : {};
    const required = Array.isArray(schema.required) ? schema.required : [];
    const names = Object.keys(properties).filter((name) => depth < maxDepth || required.includes(name));
    const extra = required.filter((name) => typeof name === 'string' && !Object.hasOwn(properties, name));
    const value: JsonObject = {};
    for (const name of names) value[name] = this.valueOf(properties[name], depth + 1);
    for (const name of extra) value[String(name)] = this.#text;
    return value;
  }

  #array(schema: JsonObject, depth: number): JsonValue[] {
    const tuple = [schema.prefixItems, schema.items].find(Array.isArray) ?? [];
    const least = numberIn(schema.minItems) ?? (depth < maxDepth ? 1 : 0);
    const most = numberIn(schema.maxItems) ?? Number.POSITIVE_INFINITY;
    const count = Math.max(tuple.length, Math.min(least, most));
    return Array.from({ length: count }, (_, index) => {
      const item = this.valueOf(tuple[index] ?? schema.items, depth + 1);
      return schema.uniqueItems === true && index > 0
        ? distinct(item, index, this.#resolved(schema.items, depth))
        : item;
    });
  }
}

/** One schema that asks for what both ask for. */
function join(one: JsonObject, other: JsonObject): JsonObject {
  const required = [one.required, other.required].flatMap((list) => (Array.isArray(list) ? list : []));
  const properties = { ...objectIn(other.properties), ...objectIn(one.properties) };
  return {
    ...other,
    ...one,
    ...(required.length > 0 ? { required } : {}),
    ...(Object.keys(properties).length > 0 ? { properties } : {}),
  };
}

function typeOf(schema: JsonObject): JsonValue | undefined {
  const type = Array.isArray(schema.type) ? schema.type.find((name) => name !== 'null') : schema.type;
  if (type !== undefined) return type;
  if (schema.properties !== undefined) return 'object';
  return schema.items === undefined ? undefined : 'array';
}

function numberOf(schema: JsonObject): number {
  const step = numberIn(schema.multipleOf) ?? (typeOf(schema) === 'integer' ? 1 : 0);
  const above = numberIn(schema.exclusiveMinimum);
  const below = numberIn(schema.exclusiveMaximum);
  const least = numberIn(schema.minimum) ?? (above === undefined ? undefined : nextAbove(above, below, step));
  const most = numberIn(schema.maximum) ?? (below === undefined ? undefined : below - (step || 1));
  const wanted = least ?? Math.min(1, most ?? 1);
  return step > 0 ? roundUp(wanted, step, most) : wanted;
}

/** Above an exclusive bound: one step, or half of the way to the upper bound. */
function nextAbove(above: number, below: number | undefined, step: number): number {
  if (step > 0) return above + step;
  return below === undefined ? above + 1 : (above + below) / 2;
}

function roundUp(value: number, step: number, most: number | undefined): number {
  const up = Math.ceil(value / step) * step;
  return most !== undefined && up > most ? Math.floor(most / step) * step : up;
}

function textOf(schema: JsonObject, text: string): string {
  const format = typeof schema.format === 'string' ? textOfFormat[schema.format] : undefined;
  if (format !== undefined) return format;
  const least = numberIn(schema.minLength) ?? 0;
  const most = numberIn(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  if (typeof schema.pattern === 'string') return textForPattern(schema.pattern, least, most) ?? text;
  return text.padEnd(least, '.').slice(0, most);
}

function textForPattern(source: string, least: number, most: number): string | undefined {
  const pattern = new RegExp(source, 'u');
  return textsForPatterns.find((text) => text.length >= least && text.length <= most && pattern.test(text));
}

function distinct(item: JsonValue, index: number, schema: JsonObject): JsonValue {
  if (Array.isArray(schema.enum)) return schema.enum[index] ?? item;
  if (typeof item === 'number') return item + index * (numberIn(schema.multipleOf) ?? 1);
  return typeof item === 'string' ? `${item} ${index + 1}` : item;
}

function numberIn(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
