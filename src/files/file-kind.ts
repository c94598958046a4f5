import { isUtf8 } from 'node:buffer';
import { extname } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';

export type Judged =
  | { readonly outcome: 'accepted'; readonly mimeType: string }
  /** @property reason the end of a sentence */
  | { readonly outcome: 'refused'; readonly reason: string };

/** Kinds detected by their content. */
const acceptedBinary =
  /^image\/|^application\/(?:pdf|epub\+zip|vnd\.oasis\.opendocument\.[a-z-]+|vnd\.openxmlformats-officedocument\.(?:wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation))$/;

/** Text kinds: accepted if declared as one of these and the content is text. */
const acceptedText = /^text\/|^application\/(?:json|xml|csv|yaml|x-yaml|x-ndjson)$|\+(?:json|xml)$/;

/** Kinds that are never text. */
const neverText = /^(?:image|audio|video|font)\//;

/** The type that senders declare if they do not know it. */
const undeclared = 'application/octet-stream';

/** Programs, by declared type or name: never text, whatever their content. */
const programType =
  /^application\/(?:x-msdownload|x-msdos-program|x-dosexec|x-executable|x-sharedlib|x-mach-binary|vnd\.microsoft\.portable-executable)$/;
const programNames = new Set(['.exe', '.dll', '.com', '.msi', '.scr', '.sys', '.so', '.dylib']);

/** Files with these extensions are text, even if the sender declares no known type. */
const textTypesByExtension: Readonly<Record<string, string>> = {
  '.csv': 'text/csv',
  '.css': 'text/plain',
  '.htm': 'text/plain',
  '.html': 'text/plain',
  '.ics': 'text/plain',
  '.ini': 'text/plain',
  '.js': 'text/plain',
  '.json': 'application/json',
  '.log': 'text/plain',
  '.md': 'text/markdown',
  '.ndjson': 'text/plain',
  '.py': 'text/plain',
  '.sql': 'text/plain',
  '.toml': 'text/plain',
  '.ts': 'text/plain',
  '.tsv': 'text/plain',
  '.txt': 'text/plain',
  '.vcf': 'text/plain',
  '.xml': 'application/xml',
  '.yaml': 'text/plain',
  '.yml': 'text/plain',
};

/**
 * Decides whether a file's kind is accepted, and which kind it is. Text counts as its declared type; anything else
 * counts as what its content shows. A file of an unknown declared type is text only if its name says so: a sender's
 * files must not be accepted on some days, because their bytes happen to be text, and refused on others.
 */
export async function judgeFile(bytes: Uint8Array, declaredType: string, name: string): Promise<Judged> {
  const mayBeRead = !isProgram(declaredType, name);
  if (mayBeRead && isText(bytes)) {
    if (acceptedText.test(declaredType)) return { outcome: 'accepted', mimeType: declaredType };
    const byName = textTypesByExtension[extensionOf(name)];
    const mimeType = declaredType === undeclared ? (byName ?? 'text/plain') : byName;
    if (mimeType !== undefined && mayBeText(declaredType)) return { outcome: 'accepted', mimeType };
  }
  const found =
    (await sniff(bytes)) ?? (mayBeRead && isLegacyText(bytes, declaredType) ? declaredType : null);
  if (found === null) return refused(unknownKind(declaredType, name));
  if (acceptedBinary.test(found)) return { outcome: 'accepted', mimeType: found };
  if (acceptedText.test(found) && mayBeRead) return { outcome: 'accepted', mimeType: found };
  return refused(`files of type ${found} are not accepted`);
}

function refused(reason: string): Judged {
  return { outcome: 'refused', reason };
}

function isText(bytes: Uint8Array): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

function extensionOf(name: string): string {
  return extname(name).toLowerCase();
}

function isProgram(declaredType: string, name: string): boolean {
  return programType.test(declaredType) || programNames.has(extensionOf(name));
}

function mayBeText(declaredType: string): boolean {
  return !neverText.test(declaredType) && !acceptedBinary.test(declaredType);
}

function unknownKind(declaredType: string, name: string): string {
  if (isProgram(declaredType, name)) return 'programs are not accepted';
  if (declaredType === undeclared) return 'its type is unknown';
  const isKnown = acceptedText.test(declaredType) || !mayBeText(declaredType);
  return isKnown ? `its content is not ${declaredType}` : `files of type ${declaredType} are not accepted`;
}

/** Text in an older encoding: declared as text, and without the zero bytes of binary files. */
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
