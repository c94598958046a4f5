import * as z from 'zod';
import type { JsonValue } from '../../core/json/json-value.ts';

const methodOf = z.looseObject({ method: z.string() });

/** Whether a JSON-RPC message calls a tool. */
export function isCall(message: JsonValue): boolean {
  return methodOf.safeParse(message).data?.method === 'tools/call';
}

/** Whether a JSON-RPC message begins a session, as clients before revision 2026-07-28 do. */
export function isInitialize(message: JsonValue): boolean {
  return methodOf.safeParse(message).data?.method === 'initialize';
}
