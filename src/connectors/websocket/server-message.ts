import type { ReceiveContext, Refused } from '../../core/connectors/received.ts';
import type { JsonValue } from '../../core/json/json-value.ts';
import type { MessageId, Session } from './session.ts';

/** The first message to a client that is admitted. */
export function connected({ connectionId }: Session, context: ReceiveContext): string {
  const agents = context.agents().map(({ name }) => name);
  return write({ type: 'connected', connector_run_id: connectionId, agents });
}

/** A message that no run answers. @param id `null` if the client's message could not be read */
export function refusedMessage(id: MessageId | null, code: string, detail: string): string {
  return write({ type: 'error', ...(id === null ? {} : { id }), code, detail });
}

export function refusalMessage(id: MessageId | null, { reason, detail }: Refused): string {
  return refusedMessage(id, reason, reason === 'idempotency-mismatch' ? usedId : detail);
}

const usedId = 'Another message had this id. Give each message its own id, or none.';

/** One message to the client. */
export function write(message: { readonly type: string; readonly [field: string]: JsonValue }): string {
  return JSON.stringify(message);
}
