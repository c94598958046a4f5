import type { HttpRequest } from '../../../core/connectors/http-request.ts';
import type { Refused } from '../../../core/connectors/received.ts';
import { addField, type Fields, payloadOfFields } from '../../../core/json/form-fields.ts';
import type { JsonObject } from '../../../core/json/json-value.ts';
import { Payload } from '../../../core/json/payload.ts';
import { decodeText } from '../../../core/json/read-json.ts';
import { judgeFile } from '../../../files/file-kind.ts';
import { refuse } from '../refuse.ts';
import { maxPartBytes, type Part, readParts } from './multipart-parts.ts';
import type { PayloadRead } from './payload-read.ts';

/** The key that holds the accepted files, so no text field can have it. */
const filesKey = 'files';

/** Text fields as keys, accepted files under `files`; each that was left out gives a warning. */
export async function multipartPayload(request: HttpRequest, maxBytes: number): Promise<PayloadRead> {
  const parts = await readParts(request, maxBytes);
  if ('outcome' in parts) return parts;
  const form: Form = { fields: new Map(), files: [], warnings: [] };
  for (const part of parts) {
    const refused = await addPart(form, part);
    if (refused !== null) return refused;
  }
  if (form.fields.delete(filesKey)) {
    form.warnings.push('The text field "files" was omitted: this name is reserved for uploaded files.');
  }
  const payload = payloadOfFields(form.fields);
  if (form.files.length > 0) payload[filesKey] = form.files;
  return { outcome: 'read', payload: Payload.of(payload), warnings: form.warnings };
}

interface Form {
  readonly fields: Fields;
  readonly files: JsonObject[];
  readonly warnings: string[];
}

async function addPart(form: Form, part: Part): Promise<Refused | null> {
  const { fieldName } = part;
  if (fieldName === undefined) return refuse('malformed', 'A part of the form has no name.');
  if (isFile(part)) {
    await addFile(form, part, fieldName);
    return null;
  }
  if (part.bytes === null)
    return refuse('too-large', `The field ${JSON.stringify(fieldName)} is larger than 10 MB.`);
  const text = decodeText(part.bytes, 'utf-8', `The field ${JSON.stringify(fieldName)}`);
  if (text.outcome === 'refused') return text;
  addField(form.fields, fieldName, text.text);
  return null;
}

/** A part with a file name is a file, and one whose declared type is not text (RFC 7578 asks for no file name). */
function isFile({ fileName, declaredType }: Part): boolean {
  return fileName !== undefined || !/^text\/|^application\/json$/.test(declaredType);
}

async function addFile(form: Form, part: Part, fieldName: string): Promise<void> {
  const { fileName, declaredType, bytes } = part;
  // What a browser sends for a file input in which nothing was chosen.
  if (!fileName && bytes?.length === 0) return;
  const name = fileName || fieldName;
  const leftOut = (reason: string) =>
    form.warnings.push(`The file ${JSON.stringify(name)} was omitted: ${reason}.`);
  if (bytes === null) {
    leftOut(`it is larger than ${maxPartBytes / 1024 / 1024} MB`);
    return;
  }
  const judged = await judgeFile(bytes, declaredType, name);
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
