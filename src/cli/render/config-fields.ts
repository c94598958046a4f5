import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';

type Row = readonly [name: string, text: string];

/**
 * The fields of a configuration's JSON Schema as rows for people: each with the dot path that `--set` takes, a star if
 * it is required, and what depends on a choice below that choice.
 */
export function configFields(schema: JsonObject, path = '', indent = '  '): Row[] {
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const fields = isJsonObject(schema['properties']) ? Object.entries(schema['properties']) : [];
  return fields.flatMap(([name, field]) => {
    if (!isJsonObject(field)) return [];
    const isRequired = required.includes(name) && field['default'] === undefined;
    return fieldRows(path + name, field, isRequired, indent);
  });
}

function fieldRows(path: string, field: JsonObject, isRequired: boolean, indent: string): Row[] {
  const choice = field['const'];
  if (choice !== undefined) return [[`${indent}${path}=${choice}`, textOf(field)]];
  const inner = [field, ...alternatives(field)].flatMap((part) =>
    configFields(part, `${path}.`, `${indent}  `),
  );
  return [[`${indent}${path}${isRequired ? ' *' : ''}`, textOf(field)], ...inner];
}

/** The forms that a value may have, if there are several. */
function alternatives(field: JsonObject): JsonObject[] {
  const lists: (JsonValue | undefined)[] = [field['oneOf'], field['anyOf']];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isJsonObject) : []));
}

function textOf(field: JsonObject): string {
  const unit = field['unit'] === undefined ? '' : ` (${field['unit']})`;
  const description = field['description'] === undefined ? '' : `: ${field['description']}`;
  const preset = field['default'] ?? null;
  const byDefault = preset === null ? '' : ` (default: ${JSON.stringify(preset)})`;
  return `${field['title'] ?? ''}${unit}${description}${byDefault}`;
}
