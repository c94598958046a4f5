import { type ModelMessage, modelMessageSchema } from 'ai';
import * as z from 'zod';
import { type JsonValue, jsonValue } from '../../core/json/json-value.ts';

/** Maximum number of messages kept of a conversation; the oldest are dropped. */
const maxMessages = 200;

/**
 * Restores a kept conversation as messages for a model.
 *
 * @returns `null` if it cannot be read, because another version kept it
 */
export function restoreConversation(kept: readonly JsonValue[]): ModelMessage[] | null {
  const messages = z.array(modelMessageSchema).safeParse(kept);
  return messages.success ? messages.data : null;
}

/**
 * The form in which a conversation is kept: plain JSON, files as a note of their name, at most 200 messages, beginning
 * with a user message so that no tool result lacks its call.
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
