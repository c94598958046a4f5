import type { TSLiteralType, TSNamedTupleMember, TSType, TSTypeReference } from '@babel/types';
import type { JsonObject, JsonValue } from '../../../core/json/json-value.ts';
import { interfaceSchema, intersectionSchema, membersSchema } from './json-schema-of-object.ts';
import { itemsOf, type TypePlace, unexpressed } from './type-place.ts';

const keywordSchemas: { readonly [type in TSType['type']]?: JsonObject } = {
  TSStringKeyword: { type: 'string' },
  TSNumberKeyword: { type: 'number' },
  TSBooleanKeyword: { type: 'boolean' },
  TSNullKeyword: { type: 'null' },
  TSObjectKeyword: { type: 'object' },
  TSAnyKeyword: {},
  TSUnknownKeyword: {},
};

/**
 * The JSON Schema of a TypeScript type: keywords, literals, unions, arrays, tuples, `Record`, object types, and the
 * interfaces and aliases of the same file. A type without a form in JSON is reported and becomes `{}`.
 */
export function jsonSchemaOf(type: TSType, place: TypePlace): JsonObject {
  const keyword = keywordSchemas[type.type];
  if (keyword !== undefined) return { ...keyword };
  switch (type.type) {
    case 'TSParenthesizedType':
      return jsonSchemaOf(type.typeAnnotation, place);
    case 'TSTypeOperator':
      return type.operator === 'readonly'
        ? jsonSchemaOf(type.typeAnnotation, place)
        : unexpressed(type, place, `"${type.operator}" types have no JSON Schema`);
    case 'TSLiteralType':
      return literalSchema(type.literal, place);
    case 'TSUnionType':
      return unionSchema(type.types, place);
    case 'TSArrayType':
      return { type: 'array', items: jsonSchemaOf(type.elementType, itemsOf(place)) };
    case 'TSTupleType':
      return tupleSchema(type.elementTypes, place);
    case 'TSTypeLiteral':
      return membersSchema(type.members, place);
    case 'TSIntersectionType':
      return intersectionSchema(type.types, place);
    case 'TSTypeReference':
      return referenceSchema(type, place);
    default:
      return unexpressed(type, place, `"${sourceOf(type, place)}" has no form in JSON`);
  }
}

function literalSchema(literal: TSLiteralType['literal'], place: TypePlace): JsonObject {
  const value = literalValue(literal);
  if (value === undefined)
    return unexpressed(literal, place, `"${sourceOf(literal, place)}" has no form in JSON`);
  return { type: typeof value, enum: [value] };
}

function literalValue(literal: TSLiteralType['literal']): string | number | boolean | undefined {
  if (literal.type === 'UnaryExpression') {
    const { argument, operator } = literal;
    return argument.type === 'NumericLiteral' && operator === '-' ? -argument.value : undefined;
  }
  if (literal.type === 'TemplateLiteral') {
    return literal.expressions.length === 0 ? (literal.quasis[0]?.value.cooked ?? undefined) : undefined;
  }
  return literal.type === 'BigIntLiteral' ? undefined : literal.value;
}

function unionSchema(types: readonly TSType[], place: TypePlace): JsonObject {
  const present = types.filter(({ type }) => type !== 'TSUndefinedKeyword' && type !== 'TSVoidKeyword');
  const schemas = present.map((type) => jsonSchemaOf(type, place));
  const [first] = schemas;
  if (schemas.length === 1 && first !== undefined) return first;
  return mergedEnum(schemas) ?? { anyOf: schemas };
}

/** One `enum` for literals of one type: `'a' | 'b'`. */
function mergedEnum(schemas: readonly JsonObject[]): JsonObject | null {
  const types = new Set(schemas.map(({ type }) => type));
  const values = schemas.flatMap(({ enum: allowed }): JsonValue[] => (Array.isArray(allowed) ? allowed : []));
  const [type] = types;
  if (types.size !== 1 || type === undefined || values.length < schemas.length) return null;
  return { type, enum: values };
}

function tupleSchema(elements: readonly (TSType | TSNamedTupleMember)[], place: TypePlace): JsonObject {
  const schemas = elements.map((element, index) => {
    if (element.type === 'TSRestType' || element.type === 'TSOptionalType') {
      return unexpressed(element, place, 'A tuple of varying length has no JSON Schema');
    }
    const type = element.type === 'TSNamedTupleMember' ? element.elementType : element;
    if (type.type === 'TSRestType' || type.type === 'TSOptionalType') return {};
    return jsonSchemaOf(type, { ...place, path: `${place.path}.${index}` });
  });
  const length = { minItems: schemas.length, maxItems: schemas.length };
  return { type: 'array', items: schemas, additionalItems: false, ...length };
}

function referenceSchema(reference: TSTypeReference, place: TypePlace): JsonObject {
  const name = sourceOf(reference.typeName, place);
  const builtIn = genericSchema(name, reference.typeArguments?.params ?? [], place);
  if (builtIn !== null) return builtIn;
  const declared = place.module.types.get(name);
  if (declared === undefined) return unexpressed(reference, place, unknownType(name));
  if (declared.typeParameters != null) {
    return unexpressed(reference, place, `The generic type "${name}" has no JSON Schema`);
  }
  if (place.within.includes(name)) {
    return unexpressed(reference, place, `The type "${name}" contains itself, so it has no JSON Schema`);
  }
  const inside = { ...place, within: [...place.within, name] };
  return declared.type === 'TSInterfaceDeclaration'
    ? interfaceSchema(declared, inside)
    : jsonSchemaOf(declared.typeAnnotation, inside);
}

function genericSchema(
  name: string,
  [first, second]: readonly TSType[],
  place: TypePlace,
): JsonObject | null {
  if (first === undefined) return null;
  if (name === 'Array' || name === 'ReadonlyArray')
    return { type: 'array', items: jsonSchemaOf(first, itemsOf(place)) };
  if (name === 'Record' && second !== undefined) {
    return { type: 'object', additionalProperties: jsonSchemaOf(second, itemsOf(place)) };
  }
  if (name === 'Readonly') return jsonSchemaOf(first, place);
  if (name !== 'Partial') return null;
  const { required: _required, ...optional } = jsonSchemaOf(first, place);
  return optional;
}

/** Replacements for well-known types that JSON does not have. */
const replacements: Readonly<Record<string, string>> = {
  Date: 'use string and name the format in a comment',
  Map: 'use Record<string, ...>',
  Set: 'use an array',
  Buffer: 'use string with base64',
  Uint8Array: 'use string with base64',
};

function unknownType(name: string): string {
  const replacement = replacements[name];
  if (replacement !== undefined) return `"${name}" has no form in JSON; ${replacement}`;
  return `The type "${name}" is not declared in this file, where it has to be for a model to be told of it`;
}

function sourceOf({ start, end }: Pick<TSType, 'start' | 'end'>, { module }: TypePlace): string {
  return module.text.slice(start ?? 0, end ?? 0);
}
