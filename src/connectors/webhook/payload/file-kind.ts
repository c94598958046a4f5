import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';

export type Judged =
  | { readonly outcome: 'accepted'; readonly mimeType: string }
  /** @property reason the end of a sentence */
  | { readonly outcome: 'refused'; readonly reason: string };

/** Kinds that are told by their content (connectors.md, "File parts"). */
const acceptedBinary =
  /^image\/|^application\/(?:pdf|epub\+zip|vnd\.oasis\.opendocument\.[a-z-]+|vnd\.openxmlformats-officedocument\.(?:wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation))$/;

/** Kinds that are text: any of these declared, and content that is. */
const acceptedText = /^text\/|^application\/(?:json|xml|csv|yaml|x-yaml|x-ndjson)$|\+(?:json|xml)$/;

/** Kinds that are never text. */
const neverText = /^(?:image|audio|video|font)\//;

/** Declared by senders that do not know what they send. */
const undeclared = 'application/octet-stream';

const textTypesByExtension: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.xml': 'application/xml',
};

/**
 * Whether a file is of an accepted kind, and of which. Text is believed to be what it is declared as; everything else
 * is what its content says, whatever it is declared as.
 */
export async function judgeFile(bytes: Uint8Array, declaredType: string, name: string): Promise<Judged> {
  if (isText(bytes)) {
    if (acceptedText.test(declaredType)) return { outcome: 'accepted', mimeType: declaredType };
    if (!neverText.test(declaredType) && !acceptedBinary.test(declaredType)) {
      return { outcome: 'accepted', mimeType: textTypeOf(name) };
    }
  }
  const found = (await sniff(bytes)) ?? (isLegacyText(bytes, declaredType) ? declaredType : null);
  if (found === null)
    return refused(
      declaredType === undeclared ? 'its kind is unknown' : `its content is not ${declaredType}`,
    );
  if (acceptedBinary.test(found) || acceptedText.test(found)) return { outcome: 'accepted', mimeType: found };
  return refused(`files of type ${found} are not accepted`);
}

function refused(reason: string): Judged {
  return { outcome: 'refused', reason };
}

function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

function textTypeOf(name: string): string {
  return textTypesByExtension[extname(name).toLowerCase()] ?? 'text/plain';
}

/** Text in an older encoding: declared as text, and nothing in it that only binary files have. */
function isLegacyText(bytes: Uint8Array, declaredType: string): boolean {
  return acceptedText.test(declaredType) && !bytes.includes(0);
}

async function sniff(bytes: Uint8Array): Promise<string | null> {
  try {
    return (await fileTypeFromBuffer(bytes))?.mime ?? null;
  } catch {
    return null;
  }
}
