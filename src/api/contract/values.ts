import * as z from 'zod';
import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';

/** ISO 8601 in UTC, with milliseconds. */
export const isoTime = z.iso
  .datetime({ offset: true, error: 'must be a time with its zone, such as 2026-11-23T09:00:00Z' })
  .meta({ examples: ['2026-11-23T09:00:00.000Z'] });

/** What several runs cost together, in US dollars. */
export const sumOfCosts = z.number().nullable().meta({
  description:
    'Runs whose model has no known price are left out; `null` if tokens were used and no other run has a cost.',
});

/** Deep enough for any document that people write, and far from overflowing a recursive reader. */
const maxDepth = 500;

/** Any JSON value. A request body is already parsed as JSON, so only its depth remains to be checked. */
export const anyJson = z
  .custom<JsonValue>((value) => value !== undefined && nestsAtMost(value, maxDepth), {
    error: (issue) => (issue.input === undefined ? 'is required' : `nests deeper than ${maxDepth} levels`),
  })
  .meta({ type: ['object', 'array', 'string', 'number', 'boolean', 'null'] });

/** Any JSON object. */
export const anyJsonObject = z
  .custom<JsonObject>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), {
    error: 'expected an object',
  })
  .refine((value) => nestsAtMost(value, maxDepth), `nests deeper than ${maxDepth} levels`)
  .meta({ type: 'object', additionalProperties: true });

function nestsAtMost(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let reached = 0; level.length > 0; reached++) {
    if (reached > depth) return false;
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  }
  return true;
}

/** A named schema or `null`. With `.nullable()`, the OpenAPI generator would change the schema for all its users. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null()]);
}
