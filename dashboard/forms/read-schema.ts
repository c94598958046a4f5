import type { Choice, Field, FieldOf, Json, JsonValue, Variant } from './field.ts';

/** Reads a configuration's fields from its type's JSON Schema (draft 2020-12, as zod writes it). */
export function fieldsOf(schema: Json): Field[] {
  const required = listOf(schema['required']);
  return Object.entries(objectOf(schema['properties'])).map(([name, property]) =>
    fieldOf(name, objectOf(property), required.includes(name)),
  );
}

function fieldOf(name: string, given: Json, required: boolean): Field {
  const { schema, nullable } = withoutNull(given);
  const base = {
    name,
    title: titleOf(name, given),
    description: textOf(given['description']) ?? '',
    required: (required && given['default'] === undefined) || given['needed'] === true,
    nullable,
    defaultValue: given['default'],
    conditions: Object.entries(objectOf(given['when'])).map(([path, values]) => ({
      path,
      values: listOf(values),
    })),
    isAdvanced: given['advanced'] === true,
    isOfResults: given['ofResults'] === true,
  };
  return {
    ...base,
    ...shapeOf(
      { unit: given['unit'] ?? null, quantity: given['quantity'] ?? null, ...schema },
      given['secret'] === true,
    ),
  };
}

/** Byte sizes are shown in MB. */
const bytesPerMegabyte = 1_048_576;

function titleOf(name: string, { title, unit }: Json): string {
  const text = textOf(title) ?? name;
  return unit === 'bytes' ? `${text} (MB)` : text;
}

type Shape = { [Kind in Field['kind']]: Omit<FieldOf<Kind>, keyof FieldBaseKeys> }[Field['kind']];
type FieldBaseKeys = Pick<
  Field,
  | 'name'
  | 'title'
  | 'description'
  | 'required'
  | 'nullable'
  | 'defaultValue'
  | 'conditions'
  | 'isAdvanced'
  | 'isOfResults'
>;

function shapeOf(schema: Json, secret: boolean): Shape {
  const choices = choicesOf(schema['enum']);
  if (choices.length > 0) return { kind: 'choice', choices };
  const variants = variantsOf(schema);
  if (variants !== null) return variants;
  switch (schema['type']) {
    case 'string':
      return textShape(schema, secret);
    case 'integer':
    case 'number': {
      const limits = { min: numberOf(schema['minimum']), max: numberOf(schema['maximum']) };
      const perShown = schema['unit'] === 'bytes' ? bytesPerMegabyte : 1;
      const isQuantity = schema['quantity'] !== false;
      return { kind: 'number', whole: schema['type'] === 'integer', ...limits, perShown, isQuantity };
    }
    case 'boolean':
      return { kind: 'switch' };
    case 'array':
      return listShape(schema);
    case 'object':
      return objectShape(schema);
    default:
      return { kind: 'json' };
  }
}

function textShape(schema: Json, secret: boolean): Shape {
  return {
    kind: 'text',
    secret,
    format: textOf(schema['format']),
    pattern: textOf(schema['pattern']),
    minLength: numberOf(schema['minLength']) ?? 0,
    maxLength: numberOf(schema['maxLength']),
  };
}

function listShape(schema: Json): Shape {
  const items = objectOf(schema['items']);
  const choices = choicesOf(items['enum']);
  if (choices.length > 0) return { kind: 'several', choices, minItems: numberOf(schema['minItems']) ?? 0 };
  if (items['type'] === 'string') return { kind: 'list', reference: textOf(schema['reference']) };
  return { kind: 'json' };
}

function objectShape(schema: Json): Shape {
  if (schema['properties'] !== undefined) return { kind: 'group', fields: fieldsOf(schema) };
  const values = objectOf(schema['additionalProperties']);
  return values['type'] === 'string' ? { kind: 'pairs' } : { kind: 'json' };
}

/** Variants distinguished by a constant field; `null` if the schema has none. */
function variantsOf(schema: Json): Shape | null {
  const alternatives = listOf(schema['oneOf'] ?? schema['anyOf']).map(objectOf);
  const [first] = alternatives;
  if (first === undefined) return null;
  const tag = Object.entries(objectOf(first['properties'])).find(
    ([, field]) => 'const' in objectOf(field),
  )?.[0];
  if (tag === undefined) return null;
  return { kind: 'variant', tag, variants: alternatives.map((alternative) => variantOf(alternative, tag)) };
}

function variantOf(schema: Json, tag: string): Variant {
  const constant = objectOf(objectOf(schema['properties'])[tag]);
  const value = String(constant['const'] ?? '');
  return {
    value,
    title: textOf(constant['title']) ?? value,
    description: textOf(constant['description']) ?? '',
    fields: fieldsOf(schema).filter(({ name }) => name !== tag),
  };
}

/** Settings that can be off are written as `anyOf: [X, null]` or `type: ['x', 'null']`. */
function withoutNull(schema: Json): { schema: Json; nullable: boolean } {
  const types = listOf(schema['type']);
  if (types.includes('null')) {
    return { schema: { ...schema, type: types.find((type) => type !== 'null') ?? 'null' }, nullable: true };
  }
  const alternatives = listOf(schema['anyOf']).map(objectOf);
  const others = alternatives.filter(({ type }) => type !== 'null');
  const [only] = others;
  if (only === undefined || others.length === alternatives.length) return { schema, nullable: false };
  return { schema: others.length === 1 ? only : { ...schema, anyOf: others }, nullable: true };
}

function choicesOf(values: JsonValue | undefined): Choice[] {
  return listOf(values)
    .filter((value) => typeof value === 'string')
    .map((value) => ({ value, title: value, description: '' }));
}

function objectOf(value: JsonValue | undefined): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}
