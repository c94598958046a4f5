import type { HttpRequest } from '../../core/connectors/http-request.ts';
import {
  addField,
  type Fields,
  maxFields,
  parseFields,
  payloadOfFields,
} from '../../core/json/form-fields.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { passedHeaders } from './event-headers.ts';
import type { ReceivingConfig } from './receiving-config.ts';
import { traceOf } from './trace-context.ts';

export interface RequestFacts {
  /** `request: {method, headers, query}` and `trace`, for the runs' context. */
  readonly context: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * The facts about a request that its runs get besides the payload: the method, the headers that the configuration and
 * its preset name, and the query without the secret. Headers that authenticate the sender are excluded.
 */
export function requestFacts(request: HttpRequest, config: ReceivingConfig): RequestFacts {
  const { fields, warnings } = readableFields(request.query);
  fields.delete('secret');
  return {
    context: {
      request: {
        method: request.method,
        headers: passedHeaders(request.headers, config.auth, config.pass_headers),
        query: payloadOfFields(fields),
      },
      ...traceOf(request),
    },
    warnings,
  };
}

/**
 * Reads each parameter separately: beside a POST payload, an undecodable parameter is no reason to refuse the request.
 */
function readableFields(query: string): { readonly fields: Fields; readonly warnings: readonly string[] } {
  const fields: Fields = new Map();
  if (query === '') return { fields, warnings: [] };
  const pairs = query.split('&');
  const beyond = pairs.length - maxFields;
  let unreadable = 0;
  for (const pair of pairs.slice(0, maxFields)) {
    const parsed = parseFields(pair, 'utf-8', 'The query');
    if (parsed.outcome === 'refused') unreadable += 1;
    else
      for (const [name, values] of parsed.fields) for (const value of values) addField(fields, name, value);
  }
  const warnings: string[] = [];
  if (unreadable > 0) warnings.push(leftOut(unreadable, 'are not valid'));
  if (beyond > 0) warnings.push(leftOut(beyond, `come after the first ${maxFields}`));
  return { fields, warnings };
}

function leftOut(count: number, why: string): string {
  return `${count} of the query's parameters were omitted: they ${why}.`;
}
