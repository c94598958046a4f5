import { sizeText } from '../../core/byte-size.ts';
import { type ReceiveContext, type Received, refuseEvent } from '../../core/connectors/received.ts';
import { messageOf } from '../../core/errors.ts';
import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject, type JsonValue, Payload } from '../../core/json/json-value.ts';
import type { NaturalKey } from '../../core/triggers/natural-key.ts';
import { type DatabaseEvent, maxRowBytes, type Notification, type RowEvent } from './database-event.ts';

/** Turns a row or a notification into the payload of its runs. The same row never starts a second trigger. */
export async function receive(event: DatabaseEvent, context: ReceiveContext): Promise<Received> {
  const refused = context.admit();
  if (refused !== null) return refused;
  try {
    return event.kind === 'row' ? ofRow(event) : ofNotification(event);
  } catch (thrown) {
    const which =
      event.kind === 'row' ? `row ${event.key} of "${event.table}"` : `message on "${event.channel}"`;
    const detail = `Cannot read the ${which}: ${messageOf(thrown)}.`;
    return { outcome: 'refused', reason: 'malformed', detail };
  }
}

function ofRow({ table, value, shown, key, data, bytes, since, readAt }: RowEvent): Received {
  if (data === null) {
    const detail = `The row ${key} of "${table}" has ${sizeText(bytes)} as JSON; a row can have ${sizeText(maxRowBytes)}. Leave its large columns out with "columns".`;
    return refuseEvent('too-large', detail);
  }
  const cursor: JsonValue = parseExactly(shown);
  const facts = { table, cursor, timestamp: new Date(readAt).toISOString() };
  const place = /^\d{1,15}$/.test(value) ? { place: Number(value) } : {};
  return accepted(parseExactly(data), facts, { key: `${table}\n${value}\n${key}`, timeMs: since, ...place });
}

function ofNotification({ channel, pid, text, receivedAt, id }: Notification): Received {
  const facts = { channel, pid, timestamp: new Date(receivedAt).toISOString() };
  return accepted(jsonOrText(text), facts, { key: id, timeMs: receivedAt });
}

function accepted(content: JsonValue | Text, facts: JsonObject, natural: NaturalKey): Received {
  return {
    outcome: 'accepted',
    payload: Payload.of({ ...fieldsOf(content), _postgres: facts }),
    context: {},
    modelInput: null,
    warnings: [],
    repeat: null,
    natural,
  };
}

class Text {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An object keeps its fields. A list or a scalar goes under `data`, and non-JSON text under `message`. */
function fieldsOf(content: JsonValue | Text): JsonObject {
  if (content instanceof Text) return { message: content.text };
  return isJsonObject(content) ? content : { data: content };
}

function jsonOrText(text: string): JsonValue | Text {
  try {
    return parseExactly(text);
  } catch {
    return new Text(text);
  }
}
