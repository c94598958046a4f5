import type { UserModelMessage } from 'ai';
import type { MessageContent, MessagePart } from '../agent-project.ts';

/** Text types: a model can read them as text if its provider accepts no such files. */
const textTypes = /^text\/|^application\/(?:[\w.+-]*\+)?(?:json|xml|yaml)\b/;

/**
 * The content as a message to a model.
 *
 * @param readsTextFiles whether the provider accepts text files; otherwise their text goes into the message
 */
export function userMessage(content: MessageContent, readsTextFiles: boolean): UserModelMessage {
  return { role: 'user', content: content.parts.map((part) => messagePart(part, readsTextFiles)) };
}

function messagePart(part: MessagePart, readsTextFiles: boolean) {
  if ('text' in part) return { type: 'text' as const, text: part.text };
  const filename = part.name ?? 'file';
  if (!readsTextFiles && textTypes.test(part.mime_type)) {
    const text = Buffer.from(part.data, 'base64').toString('utf8');
    return { type: 'text' as const, text: `File "${filename}" (${part.mime_type}):\n${text}` };
  }
  return { type: 'file' as const, data: part.data, mediaType: part.mime_type, filename };
}
