import * as z from 'zod';
import { type Refused, refuseEvent } from '../../core/connectors/received.ts';
import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';
import { maxFileBytes } from '../../files/file-limit.ts';

const sentFiles = z
  .array(
    z.object({
      name: z.string().min(1).max(255).default('file'),
      mime_type: z.string().max(255).default('application/octet-stream'),
      /** Base64. */
      data: z.string(),
    }),
  )
  .max(10);

export type FilesRead =
  | {
      readonly outcome: 'read';
      /** As a webhook has them: see `PayloadFile`. */
      readonly files: JsonObject[];
      /** One sentence for each file left out. */
      readonly warnings: readonly string[];
    }
  | Refused;

/** Reads the files of a message. A file of a kind that agents do not accept is left out with a warning. */
export async function readFiles(sent: JsonValue | undefined): Promise<FilesRead> {
  if (sent === undefined) return { outcome: 'read', files: [], warnings: [] };
  const listed = sentFiles.safeParse(sent);
  if (!listed.success) return notFiles;
  // Loaded on demand: the file parsers are large, and most messages have no files.
  const { omittedFile, receivedFile } = await import('../../files/received-file.ts');
  const files: JsonObject[] = [];
  const warnings: string[] = [];
  for (const { name, mime_type: declaredType, data } of listed.data) {
    if (!z.base64().safeParse(data).success) return notFiles;
    const bytes = Buffer.from(data, 'base64');
    const about = { name, fieldName: 'files', declaredType };
    const read = await receivedFile(about, bytes.length > maxFileBytes ? null : bytes);
    if (read.outcome === 'accepted') files.push(read.file);
    else warnings.push(omittedFile(name, read.reason));
  }
  return { outcome: 'read', files, warnings };
}

const notFiles = refuseEvent(
  'malformed',
  'The field "files" is a list of at most 10 files, each as {"name", "mime_type", "data"} with "data" in Base64.',
);
