import { sizeText } from '../byte-size.ts';
import { addField, type Fields, maxFields, payloadOfFields, tooManyFields } from '../json/form-fields.ts';
import type { JsonObject } from '../json/json-value.ts';
import { decodeText, type RefusedText } from '../json/read-json.ts';
import { type PartHeader, parsePartHeader } from './part-header.ts';
import { splitMultipart } from './split-multipart.ts';

/** Largest file and largest text field. */
export const maxPartBytes = 10 * 1024 * 1024;
/** Largest header of a part: many times what the longest file name needs. */
export const maxHeaderBytes = 16 * 1024;

/** The key of the accepted files, which no text field can have. */
const filesKey = 'files';

export type MultipartRead =
  | {
      readonly outcome: 'read';
      /** As `Payload` holds it. */
      readonly text: string;
      /** What was omitted, one sentence each. */
      readonly warnings: readonly string[];
    }
  | RefusedText;

/**
 * Reads a `multipart/form-data` body: text fields become keys, accepted files go under `files`, and each omission adds
 * a warning.
 *
 * @param bytes given away: another thread may own them afterwards
 */
export type ReadMultipart = (bytes: Uint8Array, boundary: string) => Promise<MultipartRead>;

/** Whether agents accept files of this kind. */
export type JudgeFile = (
  bytes: Uint8Array,
  declaredType: string,
  name: string,
) => Promise<
  | { readonly outcome: 'accepted'; readonly mimeType: string }
  /** @property reason the end of a sentence */
  | { readonly outcome: 'refused'; readonly reason: string }
>;

/** `ReadMultipart` in the calling thread. */
export async function readMultipart(
  bytes: Uint8Array,
  boundary: string,
  judgeFile: JudgeFile,
): Promise<MultipartRead> {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const form: Form = { fields: new Map(), files: [], warnings: [], judgeFile };
  const parts = readParts(body, boundary);
  if ('outcome' in parts) return parts;
  for (const part of parts) {
    const refused = await addPart(form, part);
    if (refused !== null) return refused;
  }
  if (form.fields.delete(filesKey)) {
    form.warnings.push('The text field "files" was omitted: this name is reserved for uploaded files.');
  }
  const payload = payloadOfFields(form.fields);
  if (form.files.length > 0) payload[filesKey] = form.files;
  return { outcome: 'read', text: JSON.stringify(payload), warnings: form.warnings };
}

interface Form {
  readonly fields: Fields;
  readonly files: JsonObject[];
  readonly warnings: string[];
  readonly judgeFile: JudgeFile;
}

interface Part extends PartHeader {
  readonly bytes: Buffer;
}

function readParts(body: Buffer, boundary: string): readonly Part[] | RefusedText {
  const parts: Part[] = [];
  const raw = splitMultipart(body, boundary, maxHeaderBytes);
  for (let next = raw.next(); ; next = raw.next()) {
    if (next.done === true) return next.value === 'complete' ? parts : brokenOff(next.value, parts.length);
    if (parts.length === maxFields) return tooManyFields('The form');
    const header = parsePartHeader(next.value.header);
    if (header === null) return malformed(`${nameOf(parts.length)} has a broken header.`);
    parts.push({ ...header, bytes: next.value.content });
  }
}

function brokenOff(end: 'incomplete' | 'header-too-large', partsBefore: number): RefusedText {
  if (end === 'incomplete')
    return malformed('The form is not valid multipart/form-data: its last boundary is missing.');
  return tooLarge(`${nameOf(partsBefore)} has a header of more than ${sizeText(maxHeaderBytes)}.`);
}

function nameOf(partsBefore: number): string {
  return `Part ${partsBefore + 1} of the form`;
}

async function addPart(form: Form, part: Part): Promise<RefusedText | null> {
  const { fieldName } = part;
  if (fieldName === undefined) return malformed('A part of the form has no name.');
  if (isFile(part)) {
    await addFile(form, part, fieldName);
    return null;
  }
  const subject = `The field ${JSON.stringify(fieldName)}`;
  if (part.bytes.length > maxPartBytes)
    return tooLarge(`${subject} is larger than ${sizeText(maxPartBytes)}.`);
  const text = decodeText(part.bytes, 'utf-8', subject);
  if (text.outcome === 'refused') return text;
  addField(form.fields, fieldName, text.text);
  return null;
}

/** A part is a file if it has a file name, or if its type is neither text nor JSON (RFC 7578 requires no file name). */
function isFile({ fileName, declaredType }: Part): boolean {
  return fileName !== undefined || !/^text\/|^application\/json$/.test(declaredType);
}

async function addFile(form: Form, part: Part, fieldName: string): Promise<void> {
  const { fileName, declaredType, bytes } = part;
  // Browsers send this for a file input without a chosen file.
  if (!fileName && bytes.length === 0) return;
  const name = fileName || fieldName;
  const leftOut = (reason: string) =>
    form.warnings.push(`The file ${JSON.stringify(name)} was omitted: ${reason}.`);
  if (bytes.length > maxPartBytes) {
    leftOut(`it is larger than ${sizeText(maxPartBytes)}`);
    return;
  }
  const judged = await form.judgeFile(bytes, declaredType, name);
  if (judged.outcome === 'refused') {
    leftOut(judged.reason);
    return;
  }
  form.files.push({
    name,
    field_name: fieldName,
    mime_type: judged.mimeType,
    data: bytes.toString('base64'),
    size: bytes.length,
  });
}

function malformed(detail: string): RefusedText {
  return { outcome: 'refused', reason: 'malformed', detail };
}

function tooLarge(detail: string): RefusedText {
  return { outcome: 'refused', reason: 'too-large', detail };
}
