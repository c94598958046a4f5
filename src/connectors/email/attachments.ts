import type { Attachment } from 'mailparser';
import type { JsonObject } from '../../core/json/json-value.ts';
import { judgeFile } from '../../files/file-kind.ts';

/** Of a larger attachment, the payload has the facts only. */
const maxAttachmentBytes = 10 * 1_024 * 1_024;
/** The same for all attachments of a message together: the payload has each twice, a third larger as base64, and functions have 512 MB. */
const maxTotalBytes = maxAttachmentBytes;

export interface ReadAttachments {
  /** For the payload: with their contents. */
  readonly entries: JsonObject[];
  /** Without them. */
  readonly described: JsonObject[];
  /** Those that models accept. */
  readonly files: JsonObject[];
  readonly warnings: string[];
}

/** What the payload says of a message's attachments, and which of them reach models as files. */
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
  const inMb = (limit: number) => `${limit / 1_024 / 1_024} MB`;
  if (bytes > maxAttachmentBytes) return `it is larger than ${inMb(maxAttachmentBytes)}`;
  if (before + bytes > maxTotalBytes)
    return `all attachments together are larger than ${inMb(maxTotalBytes)}`;
  return null;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** Text as text, all else as base64. */
function contentOf(content: Buffer, contentType: string): JsonObject {
  if (/^text\/|^application\/(json|xml)$|\+(json|xml)$/.test(contentType)) {
    try {
      return { content: strictUtf8.decode(content), encoding: 'utf-8' };
    } catch {
      // In an older encoding: kept byte for byte.
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
