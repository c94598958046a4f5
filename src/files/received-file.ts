import { judgeFile } from './file-kind.ts';
import { fileTooLarge } from './file-limit.ts';

/** An entry of a payload's `files`. */
export type PayloadFile = {
  readonly name: string;
  readonly field_name: string;
  readonly mime_type: string;
  /** Base64. */
  readonly data: string;
  readonly size: number;
};

export type FileRead =
  | { readonly outcome: 'accepted'; readonly file: PayloadFile }
  /** @property reason the end of a sentence */
  | { readonly outcome: 'refused'; readonly reason: string };

/**
 * A received file as an entry of a payload's `files`, if its kind is accepted.
 *
 * @param bytes `null` if the file is larger than `maxFileBytes`
 */
export async function receivedFile(
  { name, fieldName, declaredType }: { name: string; fieldName: string; declaredType: string },
  bytes: Buffer | null,
): Promise<FileRead> {
  if (bytes === null) return { outcome: 'refused', reason: fileTooLarge };
  const judged = await judgeFile(bytes, declaredType, name);
  if (judged.outcome === 'refused') return judged;
  const file = {
    name,
    field_name: fieldName,
    mime_type: judged.mimeType,
    data: bytes.toString('base64'),
    size: bytes.length,
  };
  return { outcome: 'accepted', file };
}

/** The run's warning about a file left out of its payload. @param reason the end of a sentence */
export function omittedFile(name: string, reason: string): string {
  return `The file ${JSON.stringify(name)} was omitted: ${reason}.`;
}
