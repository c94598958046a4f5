import * as z from 'zod';
import { isJsonObject, type JsonValue, type Payload } from '../../core/json/json-value.ts';
import type { MessageContent, MessagePart } from '../agent-project.ts';
import { AgentError } from './agent-error.ts';

/** An entry of a payload's `files`, as created by multipart triggers. */
const payloadFile = z.object({ name: z.string().optional(), mime_type: z.string(), data: z.string() });

const messageContent = z.object({
  role: z.literal('user'),
  parts: z.array(
    z.union([
      z.strictObject({ text: z.string() }),
      z.strictObject({ data: z.base64(), mime_type: z.string(), name: z.string().optional() }),
    ]),
  ),
});

/**
 * A model's input for a run (agents.md, "Input of a run"): the plain `message` if the payload is only `{message}` or
 * `{message, files}`, else the payload's JSON text without `files`, with the sender's digits. Every file becomes a
 * part. A trigger's own `modelInput` (a cron prompt) replaces the payload's text.
 */
export function contentOfPayload(payload: Payload, modelInput: string | null): MessageContent {
  const { rest, files } = splitFiles(payload.exact);
  const text = modelInput ?? textOfPayload(rest);
  const parts = text === '' && files.length > 0 ? [...files] : [{ text }, ...files];
  return { role: 'user', parts };
}

/**
 * Parses the result of the `before` middleware as content for the model. A text becomes a message of one part.
 *
 * @throws AgentError `middleware-error` for anything else
 */
export function parseContent(returned: unknown): MessageContent {
  if (typeof returned === 'string') return { role: 'user', parts: [{ text: returned }] };
  const parsed = messageContent.safeParse(returned);
  if (!parsed.success || parsed.data.parts.length === 0) {
    const expected = '{role: "user", parts: [{text} or {data, mime_type}, ...]} with at least one part';
    throw new AgentError('middleware-error', `The middleware "before" has to return ${expected}, or a text.`);
  }
  return { role: 'user', parts: parsed.data.parts.map(partOf) };
}

function partOf(
  part: { text: string } | { data: string; mime_type: string; name?: string | undefined },
): MessagePart {
  if ('text' in part) return part;
  const { data, mime_type, name } = part;
  return name === undefined ? { data, mime_type } : { data, mime_type, name };
}

/** Text types: a model can read them as text if its provider accepts no such files. */
const textTypes = /^text\/|^application\/(?:[\w.+-]*\+)?(?:json|xml|yaml)\b/i;

/** The text of a file; `null` if its type is none of text. */
export function textOfFile({ data, mime_type }: Extract<MessagePart, { data: string }>): string | null {
  if (!textTypes.test(mime_type)) return null;
  const bytes = Buffer.from(data, 'base64');
  return decoded(bytes, encodingOf(bytes, mime_type));
}

const charset = /;\s*charset="?([\w:.-]+)"?/i;

/** What the first bytes of a file say, else its type. */
function encodingOf([first, second]: Uint8Array, mimeType: string): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return charset.exec(mimeType)?.[1] ?? 'utf-8';
}

/** Decodes UTF-8 if there is no such encoding. */
function decoded(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** A text file with another text, in UTF-8. */
export function fileWithText<File extends Extract<MessagePart, { data: string }>>(
  file: File,
  text: string,
): File {
  const mime_type = file.mime_type.replace(charset, '');
  return { ...file, mime_type, data: Buffer.from(text).toString('base64') };
}

/** `files` counts as files only if every entry is one: a JSON payload may use the name for something else. */
function splitFiles(payload: JsonValue): {
  readonly rest: JsonValue;
  readonly files: readonly MessagePart[];
} {
  if (!isJsonObject(payload) || payload.files === undefined) return { rest: payload, files: [] };
  const files = z.array(payloadFile).safeParse(payload.files);
  if (!files.success) return { rest: payload, files: [] };
  const { files: _files, ...rest } = payload;
  return { rest, files: files.data.map(partOf) };
}

function textOfPayload(payload: JsonValue): string {
  const isMessage = isJsonObject(payload) && Object.keys(payload).length === 1;
  if (isMessage && typeof payload.message === 'string') return payload.message;
  return JSON.stringify(payload);
}
