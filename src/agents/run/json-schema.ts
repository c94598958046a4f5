import { Ajv, type ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject } from '../../core/json/json-value.ts';

/** Why a value does not fit a schema, in one sentence without its full stop; `null` if it fits. */
export type SchemaCheck = (value: unknown) => string | null;

const checks = new WeakMap<JsonObject, SchemaCheck>();

/**
 * The check for a JSON Schema (draft-07, or 2020-12 if `$schema` says so); compiled once per schema object.
 *
 * @throws Error for an invalid schema; the loader refuses those
 */
export function schemaCheck(schema: JsonObject): SchemaCheck {
  const known = checks.get(schema);
  if (known !== undefined) return known;
  const validate = validatorOf(schema);
  const check: SchemaCheck = (value) => (validate(value) ? null : sentenceOf(validate.errors ?? []));
  checks.set(schema, check);
  return check;
}

const options = { strict: false, allErrors: false, logger: false } as const;
type Dialect = typeof Ajv | typeof Ajv2020;

/** By dialect: what checks schemas themselves. It is compiled once, because that takes longer than most schemas. */
const ofSchemas = new Map<Dialect, InstanceType<Dialect>>();

function validatorOf(schema: JsonObject) {
  const { $schema, ...rest } = schema;
  const Dialect: Dialect = typeof $schema === 'string' && $schema.includes('2020-12') ? Ajv2020 : Ajv;
  const ofSchema = ofSchemas.get(Dialect) ?? new Dialect(options);
  ofSchemas.set(Dialect, ofSchema);
  ofSchema.validateSchema(rest, true);
  // Two schemas may have the same `$id`: each gets a compiler of its own.
  const ajv = new Dialect({ ...options, validateSchema: false });
  addFormats.default(ajv);
  return ajv.compile(rest);
}

function sentenceOf([error]: readonly ErrorObject[]): string {
  if (error === undefined) return 'it does not fit';
  const place = error.instancePath === '' ? 'it' : `"${error.instancePath.slice(1).replaceAll('/', '.')}"`;
  const allowed: unknown = error.params.allowedValues;
  const detail = Array.isArray(allowed)
    ? `: ${allowed.map((value) => JSON.stringify(value)).join(', ')}`
    : '';
  return `${place} ${error.message ?? 'does not fit'}${detail}`;
}
