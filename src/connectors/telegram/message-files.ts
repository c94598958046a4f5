import * as z from 'zod';
import { fileTooLarge, maxFileBytes } from '../../files/file-limit.ts';
import {
  type CollectContext,
  type CollectedFiles,
  collectFiles,
  type FileCall,
  type FileSource,
  type NamedFile,
} from '../../providers/collect-files.ts';
import { type BotAccess, botRequest, readBotCall } from './bot-api.ts';
import type { Document, ReadUpdate } from './update.ts';

/** Downloads a message's file, if it has one. Skips clicks, whose files belong to the older message with the button. */
export function messageFiles(
  read: ReadUpdate,
  access: BotAccess,
  context: CollectContext,
): Promise<CollectedFiles> {
  return collectFiles(read.timeMs === null ? [] : namedFiles(read, access), context);
}

function namedFiles({ message }: ReadUpdate, access: BotAccess): NamedFile[] {
  if (message === null) return [];
  const { document, audio, voice, video, photo } = message;
  const picture = photo?.at(-1);
  return [
    ...named('document', document, access),
    ...named('photo', picture && { file_name: 'photo.jpg', mime_type: 'image/jpeg', ...picture }, access),
    ...named('audio', audio, access),
    ...named('voice', voice, access),
    ...named('video', video, access),
  ];
}

function named(fieldName: string, file: Document | undefined, access: BotAccess): NamedFile[] {
  if (file === undefined) return [];
  const { file_name: name = fieldName, mime_type: declaredType = 'application/octet-stream' } = file;
  return [{ name, fieldName, declaredType, source: (call) => sourceOf(file, access, call) }];
}

const place = z.object({ file_path: z.string() });

/** core.telegram.org/bots/api, "getFile". */
async function sourceOf(file: Document, access: BotAccess, call: FileCall): Promise<FileSource> {
  if ((file.file_size ?? 0) > maxFileBytes) return fileTooLarge;
  const found = readBotCall(await call(botRequest(access, 'getFile', { file_id: file.file_id })));
  if (found.outcome === 'error') return `it could not be fetched (${found.error.slice(0, -1)})`;
  const path = place.safeParse(found.result).data?.file_path;
  if (path === undefined) return 'Telegram does not say where it is';
  const url = `${access.apiUrl}/file/bot${access.botToken}/${path}`;
  return { method: 'GET', url, headers: { 'user-agent': 'Agent-Connectors' } };
}
