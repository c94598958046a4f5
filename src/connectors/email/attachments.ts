import type { Attachment } from 'mailparser';
import { sizeText } from '../../core/byte-size.ts';
import type { JsonObject } from '../../core/json/json-value.ts';
import { judgeFile } from '../../files/file-kind.ts';

/** For a larger attachment, the payload lists only its metadata. */
const maxAttachmentBytes = 10 * 1_024 * 1_024;
/**
 * Limit for all attachments of a message. The payload holds each twice, as base64 (a third larger), and functions have
 * 512 MB.
 */
const maxTotalBytes = maxAttachmentBytes;

export interface ReadAttachments {
  /** For the payload: with contents. */
  readonly entries: JsonObject[];
  /** The same without contents. */
  readonly described: JsonObject[];
  /** Attachments that models accept. */
  readonly files: JsonObject[];
  readonly warnings: string[];
}

/** Lists a message's attachments for the payload and selects the files that reach models. */
export async function readAttachments(attachments: readonly Attachment[]): Promise<ReadAttachments> {
  const read: ReadAttachments = { entries: [], described: [], files: [], warnings: [] };
  let total = 0;
  for (const [index, attachment] of attachments.entries()) {
    const { content, contentType } = attachment;
    const name = attachment.filename ?? `attachment-${index + 1}`;
    const facts = { filename: name, content_type: contentType, size_bytes: content.length };
    const problem = sizeProblem(content.length, total);
    read.described.push(facts);
    if (problem !== null) {
      read.entries.push(facts);
      read.warnings.push(`The content of the attachment ${JSON.stringify(name)} was omitted: ${problem}.`);
      continue;
    }
    total += content.length;
    read.entries.push({ ...facts, ...contentOf(content, contentType) });
    await addFile(read, content, contentType, name);
  }
  return read;
}

function sizeProblem(bytes: number, before: number): string | null {
  if (bytes > maxAttachmentBytes) return `it is larger than ${sizeText(maxAttachmentBytes)}`;
  if (before + bytes > maxTotalBytes)
    return `all attachments together are larger than ${sizeText(maxTotalBytes)}`;
  return null;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Keeps text as text and everything else as base64. */
function contentOf(content: Buffer, contentType: string): JsonObject {
  if (/^text\/|^application\/(json|xml)$|\+(json|xml)$/.test(contentType)) {
    try {
      return { content: strictUtf8.decode(content), encoding: 'utf-8' };
    } catch {
      // Text in an older encoding is kept byte for byte.
    }
  }
  return { content: content.toString('base64'), encoding: 'base64' };
}

async function addFile(
  { files, warnings }: ReadAttachments,
  content: Buffer,
  contentType: string,
  name: string,
): Promise<void> {
  const judged = await judgeFile(content, contentType, name);
  if (judged.outcome === 'refused') {
    warnings.push(`The attachment ${JSON.stringify(name)} does not reach models: ${judged.reason}.`);
    return;
  }
  files.push({ name, mime_type: judged.mimeType, data: content.toString('base64'), size: content.length });
}
