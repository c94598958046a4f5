import type { TSInterfaceDeclaration, TSPropertySignature, TSType, TSTypeElement } from '@babel/types';
import { isJsonObject, type JsonObject, type JsonValue } from '../../../core/json/json-value.ts';
import { docCommentBefore } from './doc-comment.ts';
import { itemsOf, type TypePlace, unexpressed } from './type-place.ts';

/** The JSON Schema of an object type's members, with their doc comments as descriptions. */
export function membersSchema(members: readonly TSTypeElement[], place: TypePlace): JsonObject {
  return members.map((member) => memberSchema(member, place)).reduce(joinObjects, emptyObject());
}

/** The JSON Schema of an interface, including everything that it extends. */
export function interfaceSchema(declared: TSInterfaceDeclaration, place: TypePlace): JsonObject {
  const inherited = (declared.extends ?? []).map(({ expression, ...heritage }) => {
    const base = expression.type === 'Identifier' ? place.module.types.get(expression.name) : undefined;
    if (base?.type === 'TSInterfaceDeclaration') return interfaceSchema(base, place);
    if (base !== undefined) return place.schemaOf(base.typeAnnotation, place);
    return unexpressed(heritage, place, 'The type that it extends is not declared in this file');
  });
  return [...inherited, membersSchema(declared.body.body, place)].reduce(joinObjects, emptyObject());
}

/** The JSON Schema of `A & B`, if both are object types. */
export function intersectionSchema(types: readonly TSType[], place: TypePlace): JsonObject {
  const parts = types.map((type) => {
    const schema = place.schemaOf(type, place);
    return schema['type'] === 'object'
      ? schema
      : unexpressed(type, place, 'Only object types can be joined with "&"');
  });
  return parts.reduce(joinObjects, emptyObject());
}

function emptyObject(): JsonObject {
  return { type: 'object', properties: {} };
}

function memberSchema(member: TSTypeElement, place: TypePlace): JsonObject {
  if (member.type === 'TSPropertySignature') return propertySchema(member, place);
  if (member.type !== 'TSIndexSignature')
    return unexpressed(member, place, 'A function cannot be a parameter');
  if (member.typeAnnotation == null) return unexpressed(member, place, 'It needs a type');
  const values = place.schemaOf(member.typeAnnotation.typeAnnotation, itemsOf(place));
  return { additionalProperties: values };
}

function propertySchema(property: TSPropertySignature, place: TypePlace): JsonObject {
  const name = keyName(property);
  if (name === null) return unexpressed(property, place, 'A computed name has no JSON Schema');
  const inside = { ...place, path: `${place.path}.${name}` };
  if (property.typeAnnotation == null) return unexpressed(property, inside, 'It needs a type');
  const schema = place.schemaOf(property.typeAnnotation.typeAnnotation, inside);
  const { description } = docCommentBefore(property, place.module);
  return {
    properties: { [name]: description === '' ? schema : { ...schema, description } },
    ...(property.optional ? {} : { required: [name] }),
  };
}

function keyName({ key, computed }: TSPropertySignature): string | null {
  if (key.type === 'Identifier' && !computed) return key.name;
  return key.type === 'StringLiteral' ? key.value : null;
}

function joinObjects(left: JsonObject, right: JsonObject): JsonObject {
  const required = [...new Set([...listIn(left['required']), ...listIn(right['required'])])];
  return {
    ...left,
    ...right,
    type: 'object',
    properties: { ...objectIn(left['properties']), ...objectIn(right['properties']) },
    ...(required.length === 0 ? {} : { required }),
  };
}

function objectIn(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listIn(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
