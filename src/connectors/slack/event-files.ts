import * as z from 'zod';
import type { JsonValue } from '../../core/json/json-value.ts';
import {
  type CollectContext,
  type CollectedFiles,
  collectFiles,
  type NamedFile,
} from '../../providers/collect-files.ts';

/** docs.slack.dev, "File object". */
const sharedFile = z.object({
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  mode: z.string().nullish(),
  url_private_download: z.string().nullish(),
  url_private: z.string().nullish(),
});

type SharedFile = z.infer<typeof sharedFile>;

/** The server to download from, and the bot token for it. */
export interface FileAccess {
  readonly apiUrl: string;
  readonly botToken: string | undefined;
}

/** Downloads the files of a message with the bot token. */
export function eventFiles(
  files: JsonValue,
  access: FileAccess,
  context: CollectContext,
): Promise<CollectedFiles> {
  const shared = z.array(sharedFile).safeParse(files);
  return collectFiles(
    (shared.data ?? []).map((file) => namedFile(file, access)),
    context,
  );
}

function namedFile(file: SharedFile, access: FileAccess): NamedFile {
  return {
    name: file.name ?? 'file',
    fieldName: 'files',
    declaredType: file.mimetype ?? 'application/octet-stream',
    source: sourceOf(file, access),
  };
}

function sourceOf(file: SharedFile, { apiUrl, botToken }: FileAccess): NamedFile['source'] {
  if (botToken === undefined) return 'the connector has no bot token to download it with';
  const url = file.url_private_download ?? file.url_private ?? '';
  if (file.mode === 'external' || !isOfSlack(url, apiUrl)) return 'it is not stored at Slack';
  const headers = { authorization: `Bearer ${botToken}`, 'user-agent': 'Agent-Connectors' };
  return { method: 'GET', url, headers };
}

/** Sends the token only to Slack, or to the server that replaces it in the configuration. */
function isOfSlack(text: string, apiUrl: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  const isSlack = url.protocol === 'https:' && url.hostname.endsWith('.slack.com');
  return isSlack || url.origin === new URL(apiUrl).origin;
}
