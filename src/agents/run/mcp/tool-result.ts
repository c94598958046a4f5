import type { CallToolResult } from '@modelcontextprotocol/client';
import { type AnswerFile, ToolAnswer, ToolRefusal } from '../tool-answer.ts';

/** Most characters of a result that the model gets. */
const mostCharacters = 100_000;
/** Files that the model gets of one result, and the size of each in Base64: what providers accept, with a margin. */
const mostFiles = 10;
const mostFileCharacters = 5_000_000;

/** Types of files that models read. */
const readable = /^(image\/(png|jpeg|gif|webp)|application\/pdf)$/;

type Content = CallToolResult['content'][number];

/**
 * What the model gets of a tool's result: its texts, and its images and PDFs as files. Other content is named.
 *
 * @throws ToolRefusal if the tool reports an error
 */
export function answerOf({ content, structuredContent, isError }: CallToolResult): ToolAnswer | string {
  const files: AnswerFile[] = [];
  const texts = content.map((item) => textOf(item, files));
  if (texts.length === 0 && structuredContent !== undefined) texts.push(JSON.stringify(structuredContent));
  const text = shortened(texts.join('\n'));
  if (isError === true) throw new ToolRefusal(text === '' ? 'The tool failed without a reason.' : text);
  return files.length === 0 ? text : new ToolAnswer(text, files);
}

function textOf(item: Content, files: AnswerFile[]): string {
  switch (item.type) {
    case 'text':
      return item.text;
    case 'image':
    case 'audio':
      return noteOf(
        { name: `${item.type}-${files.length + 1}`, mediaType: item.mimeType, data: item.data },
        files,
      );
    case 'resource': {
      const { resource } = item;
      if ('text' in resource) return `${resource.uri}:\n${resource.text}`;
      const mediaType = resource.mimeType ?? 'application/octet-stream';
      return noteOf({ name: resource.uri, mediaType, data: resource.blob }, files);
    }
    case 'resource_link':
      return `[resource "${item.name}" at ${item.uri}]`;
  }
}

/** Adds a file if a model can read it; the text says where it is. */
function noteOf(file: AnswerFile, files: AnswerFile[]): string {
  const { name, mediaType, data } = file;
  const named = `file "${name}" (${mediaType}, ${Math.floor((data.length * 3) / 4)} bytes)`;
  if (!readable.test(mediaType) || files.length >= mostFiles || data.length > mostFileCharacters) {
    return `[${named}, which cannot be shown]`;
  }
  files.push(file);
  return `[${named}, in the next message]`;
}

function shortened(text: string): string {
  if (text.length <= mostCharacters) return text;
  const rest = text.length - mostCharacters;
  return `${text.slice(0, mostCharacters)}\n[${rest} more characters were cut]`;
}
