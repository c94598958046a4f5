import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';

/**
 * Whether OpenAI's strict mode takes a JSON Schema: every object of it lists all its properties as required and
 * allows no others (OpenAI, "Structured Outputs", supported schemas).
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
