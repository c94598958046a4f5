import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { demoNumber, demoText, numberIn } from './demo-scalars.ts';

/** Deeper than this, optional fields and items are left out: a schema may refer to itself. */
const maxDepth = 6;

/**
 * A value that fits a JSON Schema: the first of an enumeration, the smallest allowed number, every property.
 *
 * @param text content of free texts
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
        return demoNumber(schema, typeOf(schema) === 'integer');
      case 'boolean':
        return true;
      case 'null':
        return null;
      default:
        return demoText(schema, this.#text);
    }
  }

  /** The schema with its reference resolved, its parts merged, and one of its alternatives chosen. */
  #resolved(original: JsonValue | undefined, depth: number): JsonObject {
    if (!isJsonObject(original)) return {};
    const { $ref, allOf, anyOf, oneOf, ...own } = original;
    const parts = Array.isArray(allOf) ? [...allOf] : [];
    for (const list of [anyOf, oneOf]) if (Array.isArray(list)) parts.push(this.#alternative(list, depth));
    if (typeof $ref === 'string' && depth < maxDepth * 2) parts.push(this.#target($ref) ?? {});
    return parts.map((part) => this.#resolved(part, depth + 1)).reduce(join, own);
  }

  /** The first alternative; at the maximum depth, one without a reference, which ends a recursion. */
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

/** One schema that requires what both require. */
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

function distinct(item: JsonValue, index: number, schema: JsonObject): JsonValue {
  if (Array.isArray(schema.enum)) return schema.enum[index] ?? item;
  if (typeof item === 'number') return item + index * (numberIn(schema.multipleOf) ?? 1);
  return typeof item === 'string' ? `${item} ${index + 1}` : item;
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
