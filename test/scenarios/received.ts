import * as z from 'zod';
import type { Operator } from './operator.ts';
import * as wire from './wire.ts';

const request = z.object({
  method: z.string(),
  query: z.string(),
  headers: z.record(z.string(), z.string()),
  sender: z.string().nullable(),
  body_bytes: z.int().nullable(),
});

const refusedRequest = z.looseObject({
  request_id: z.uuid(),
  called_id: z.string(),
  connector_id: z.uuid().nullable(),
  reason: z.string(),
  status: z.int(),
  detail: z.string(),
  request,
});

const trigger = z.looseObject({
  trigger_id: z.uuid(),
  request: request.nullable(),
  runs: z.array(wire.runSummary),
  repeats: z.array(refusedRequest),
});

/** Reads triggers, and the requests that became none. */
export function triggersOf(operator: Pick<Operator, 'call' | 'all'>) {
  return {
    trigger: async (id: string) => trigger.parse((await operator.call('GET', `/triggers/${id}`)).json),
    refused: (query: string) => operator.all(refusedRequest, `/refused-requests${query}`),
  };
}
