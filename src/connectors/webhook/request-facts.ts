import type { HttpRequest } from '../../core/connectors/http-request.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { passedHeaders } from './event-headers.ts';
import { addField, type Fields, maxFields, parseFields, payloadOfFields } from './payload/form-fields.ts';
import type { ReceivingConfig } from './receiving-config.ts';

export interface RequestFacts {
  /** `request: {method, headers, query}`, for the context of the runs. */
  readonly context: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * What a run is told of the request beside its payload: the method, the headers that the configuration and its preset
 * name, and the query without the secret. Headers that prove who sends are never among them.
 */
export function requestFacts(request: HttpRequest, config: ReceivingConfig): RequestFacts {
  const { fields, left } = readableFields(request.query);
  fields.delete('secret');
  return {
    context: {
      request: {
        method: request.method,
        headers: passedHeaders(request.headers, config.auth, config.pass_headers),
        query: payloadOfFields(fields),
      },
    },
    warnings: left === 0 ? [] : [`${left} of the query's parameters were left out: they cannot be read.`],
  };
}

/** Each parameter is read by itself: beside the payload of a POST, one that is no text is no reason to refuse it. */
function readableFields(query: string): { readonly fields: Fields; readonly left: number } {
  const fields: Fields = new Map();
  if (query === '') return { fields, left: 0 };
  const pairs = query.split('&');
  let left = Math.max(0, pairs.length - maxFields);
  for (const pair of pairs.slice(0, maxFields)) {
    const parsed = parseFields(pair, 'utf-8', 'The query');
    if (parsed.outcome === 'refused') left += 1;
    else
      for (const [name, values] of parsed.fields) for (const value of values) addField(fields, name, value);
  }
  return { fields, left };
}
