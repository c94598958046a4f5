import { type ModelMessage, modelMessageSchema } from 'ai';
import * as z from 'zod';
import { type JsonValue, jsonValue } from '../../core/json/json-value.ts';

/** Messages of a conversation that are kept; the oldest go first. */
const maxMessages = 200;

/**
 * A kept conversation, as messages for a model.
 *
 * @returns `null` where it cannot be read, because another version kept it
 */
export function restoreConversation(kept: readonly JsonValue[]): ModelMessage[] | null {
  const messages = z.array(modelMessageSchema).safeParse(kept);
  return messages.success ? messages.data : null;
}

/**
 * A conversation as it is kept: plain JSON, files as a note of their name, at most 200 messages, beginning with one of
 * the user's so that no tool result is without its call.
 */
export function keepConversation(messages: readonly ModelMessage[]): JsonValue[] {
  const recent = messages.slice(-maxMessages);
  const start = recent.findIndex(({ role }) => role === 'user');
  const kept = start === -1 ? [] : recent.slice(start).map(withoutFiles);
  return z.array(jsonValue).parse(JSON.parse(JSON.stringify(kept)));
}

function withoutFiles(message: ModelMessage): ModelMessage {
  if (message.role === 'user' && typeof message.content !== 'string') {
    return {
      ...message,
      content: message.content.map((part) => (part.type === 'text' ? part : noteOf(part))),
    };
  }
  if (message.role === 'assistant' && typeof message.content !== 'string') {
    return {
      ...message,
      content: message.content.map((part) => (part.type === 'file' ? noteOf(part) : part)),
    };
  }
  return message;
}

function noteOf(file: { readonly mediaType?: string; readonly filename?: string }) {
  return { type: 'text' as const, text: `[file ${file.filename ?? ''} ${file.mediaType ?? ''}]` };
}
