import { deliveryModes, modes } from '../../core/connectors/connector.ts';
import { configSchema, secretFieldNames } from '../../core/connectors/connector-config.ts';
import type { ConnectorTypes, ModeDescription } from '../../core/connectors/connector-type.ts';
import { isJsonObject, type JsonObject, type JsonValue, jsonObject } from '../../core/json/json-value.ts';

/** The JSON Schema of files in `connectors/`, generated from the connector types. */
export function connectorFileSchema(types: ConnectorTypes): JsonObject {
  const kinds = [...types.values()].flatMap((type) =>
    Object.entries(type.modes).map(([mode, described]) => ({
      type: type.name,
      mode,
      ...configured(described, `${type.name}-${mode}-`),
    })),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Connector',
    description: 'A connector as code.',
    type: 'object',
    required: ['type', 'mode'],
    properties: {
      type: { enum: [...types.keys()], description: 'Connector type.' },
      mode: { enum: [...modes], description: 'Receive events, answer callers, or deliver results.' },
      ...variableFields,
      environments: {
        type: 'object',
        description:
          'The environments in which it exists, with the fields that differ there. Absent: everywhere.',
        additionalProperties: {
          type: ['object', 'null'],
          properties: { ...variableFields, config: { type: 'object' } },
          additionalProperties: false,
        },
      },
    },
    additionalProperties: false,
    $defs: Object.assign({}, ...kinds.map(({ definitions }) => definitions)),
    allOf: kinds.map(({ type, mode, rules }) => ({
      if: { required: ['type', 'mode'], properties: { type: { const: type }, mode: { const: mode } } },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: rules,
    })),
  };
}

const variableFields: JsonObject = {
  name: { type: 'string', description: "Default: the file's name." },
  connection: {
    type: ['string', 'null'],
    description: 'Name of a connection, which provides its fields.',
  },
  config: { type: ['object', 'null'], description: 'The fields of the type.' },
  agents: {
    type: ['array', 'null'],
    description: 'Agents to link, in order.',
    items: {
      anyOf: [
        { type: 'string' },
        {
          type: 'object',
          required: ['name'],
          properties: {
            name: { type: 'string' },
            when: { type: 'string', description: 'The agent gets only events for which this is true.' },
            files_required: { type: 'boolean', description: 'Short for `when: input.files`.' },
          },
          additionalProperties: false,
        },
      ],
    },
  },
  filter: { type: ['string', 'null'], description: 'Only events, or results, for which this is true.' },
  delivery: {
    enum: [...deliveryModes],
    default: 'automatic',
    description: 'Outbound: deliver results, or what agents send with a tool or in code.',
  },
  enabled: { type: 'boolean', default: true },
};

/**
 * The rules for files of one mode. Fields are never required: an environment may have them.
 *
 * @param prefix of the mode's definitions among those of all modes
 */
function configured(mode: ModeDescription, prefix: string): { rules: JsonObject; definitions: JsonObject } {
  const { properties, additionalProperties = false, $defs } = withDefinitionsAt(configSchema(mode), prefix);
  const secrets = new Set(secretFieldNames(mode));
  const fields = Object.entries(isJsonObject(properties) ? properties : {}).map(([name, field]) => [
    name,
    secrets.has(name) ? secretField(field) : orVariable(field),
  ]);
  const config = { properties: Object.fromEntries(fields), additionalProperties };
  const defined = Object.entries(isJsonObject($defs) ? $defs : {});
  return {
    rules: { properties: { config, environments: { additionalProperties: { properties: { config } } } } },
    definitions: Object.fromEntries(defined.map(([name, schema]) => [`${prefix}${name}`, schema])),
  };
}

const references = '#/$defs/';

function withDefinitionsAt(schema: JsonObject, prefix: string): JsonObject {
  const renamed: unknown = JSON.parse(
    JSON.stringify(schema, (key, value: unknown) =>
      key === '$ref' && typeof value === 'string'
        ? value.replace(references, `${references}${prefix}`)
        : value,
    ),
  );
  return jsonObject.parse(renamed);
}

const variable: JsonObject = { type: 'string', pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}' };

function secretField(field: JsonValue): JsonObject {
  const named = {
    type: 'object',
    required: ['secret'],
    properties: { secret: { type: 'string', description: 'Name of a named secret.' } },
    additionalProperties: false,
  };
  return { ...textsOf(field), anyOf: [variable, named] };
}

/** The field as it is, at any depth, or a variable in its place. */
function orVariable(field: JsonValue): JsonObject {
  return { ...textsOf(field), anyOf: [inner(field), variable] };
}

function inner(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema)) return schema;
  const { properties, items, ...others } = schema;
  return {
    ...others,
    ...(isJsonObject(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, orVariable(one)]),
          ),
        }
      : {}),
    ...(isJsonObject(items) ? { items: orVariable(items) } : {}),
  };
}

function textsOf(field: JsonValue): JsonObject {
  if (!isJsonObject(field)) return {};
  const { title, description } = field;
  return { ...(title === undefined ? {} : { title }), ...(description === undefined ? {} : { description }) };
}
