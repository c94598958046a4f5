import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';

/**
 * Whether OpenAI's strict mode accepts a JSON Schema: all its objects list all their properties as required and allow
 * no others (OpenAI, "Structured Outputs", supported schemas).
 */
export function fitsStrictMode(schema: JsonObject): boolean {
  return schema.type === 'object' && everyPartFits(schema);
}

function everyPartFits(schema: JsonValue): boolean {
  if (Array.isArray(schema)) return schema.every(everyPartFits);
  if (!isJsonObject(schema)) return true;
  const isObjectSchema = schema.type === 'object' || isJsonObject(schema.properties);
  return (!isObjectSchema || closedAndRequired(schema)) && Object.values(schema).every(everyPartFits);
}

function closedAndRequired({ properties, required, additionalProperties }: JsonObject): boolean {
  if (additionalProperties !== false || !isJsonObject(properties)) return false;
  const listed = Array.isArray(required) ? required : [];
  return Object.keys(properties).every((name) => listed.includes(name));
}
