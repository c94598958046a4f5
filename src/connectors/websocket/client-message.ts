import * as z from 'zod';
import { type ReceiveContext, type Refused, refuseEvent } from '../../core/connectors/received.ts';
import { parseExactly } from '../../core/json/exact-json.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import type { MessageId } from './session.ts';

/** What a client says. */
export type ClientMessage =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'ping' }
  /** The payload has the client's digits. */
  | { readonly kind: 'message'; readonly id: MessageId | null; readonly payload: JsonObject };

export type MessageRead =
  | ({ readonly outcome: 'read' } & ClientMessage)
  | { readonly outcome: 'unreadable'; readonly id: MessageId | null; readonly refused: Refused };

/** Deeper and larger than anything that people or their programs say to an agent. */
const limits = { maxDepth: 200, maxKeys: 100_000 };

const idOf = z.union([z.string().max(200), z.int()]).nullish();

/** Reads one message of a client. */
export async function readMessage(text: string, { readJson }: ReceiveContext): Promise<MessageRead> {
  const read = await readJson(Buffer.from(text), 'utf-8', limits);
  if (read.outcome === 'refused') return unreadable(null, inWordsOfMessages(read));
  const message = parseExactly(read.text);
  if (!isJsonObject(message)) return unreadable(null, notAMessage);
  const id = idOf.safeParse(message['id']);
  if (!id.success) return unreadable(null, badId);
  return kindOf(message, id.data ?? null);
}

function kindOf(message: JsonObject, id: MessageId | null): MessageRead {
  const { type, secret, id: _id, payload, ...short } = message;
  if (type === 'ping') return { outcome: 'read', kind: 'ping' };
  if (type === undefined && typeof secret === 'string') return { outcome: 'read', kind: 'secret', secret };
  if (type !== undefined && type !== 'message') return unreadable(id, notAMessage);
  if (payload !== undefined) return contentOf(payload, id);
  const isShort = short['message'] !== undefined || short['content'] !== undefined;
  return isShort ? contentOf(short, id) : unreadable(id, notAMessage);
}

/** Agents get the text as `message`, also if the client calls it `content`. */
function contentOf(payload: JsonValue, id: MessageId | null): MessageRead {
  if (typeof payload === 'string')
    return { outcome: 'read', kind: 'message', id, payload: { message: payload } };
  if (!isJsonObject(payload)) return unreadable(id, notAMessage);
  const { content, ...others } = payload;
  const named =
    content === undefined || others['message'] !== undefined ? payload : { message: content, ...others };
  return { outcome: 'read', kind: 'message', id, payload: named };
}

function unreadable(id: MessageId | null, refused: Refused): MessageRead {
  return { outcome: 'unreadable', id, refused };
}

/** The reader of JSON speaks of bodies. */
function inWordsOfMessages({ reason, detail }: Refused): Refused {
  return refuseEvent(reason, detail.replace(/\b([Tt])he body\b/, '$1he message'));
}

const notAMessage = refuseEvent(
  'malformed',
  'Send {"type": "message", "payload": {"message": "Hello"}}, or {"message": "Hello"}.',
);
const badId = refuseEvent(
  'malformed',
  'The "id" of a message is a text of at most 200 characters, or a whole number.',
);
