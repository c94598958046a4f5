import {
  type CollectContext,
  type CollectedFiles,
  collectFiles,
  type NamedFile,
} from '../../providers/collect-files.ts';
import { basicAuth, type TwilioAccess } from './twilio-call.ts';

/** The most media that a message can have (twilio.com/docs/messaging/guides/webhook-request, "MMS-specific"). */
const maxMedia = 10;

export function mediaFiles(
  parameters: Readonly<Record<string, string>>,
  access: TwilioAccess,
  context: CollectContext,
): Promise<CollectedFiles> {
  const count = Math.min(Number.parseInt(parameters['NumMedia'] ?? '0', 10) || 0, maxMedia);
  const named = Array.from({ length: count }, (_, index) => namedFile(parameters, index, access));
  return collectFiles(named, context);
}

function namedFile(
  parameters: Readonly<Record<string, string>>,
  index: number,
  access: TwilioAccess,
): NamedFile {
  const declaredType = parameters[`MediaContentType${index}`] ?? 'application/octet-stream';
  const url = parameters[`MediaUrl${index}`] ?? '';
  const headers = { authorization: basicAuth(access), 'user-agent': 'Agent-Connectors' };
  return {
    name: `media-${index}.${extensionOf(declaredType)}`,
    fieldName: `MediaUrl${index}`,
    declaredType,
    source: isOfTwilio(url, access.apiUrl) ? { method: 'GET', url, headers } : 'it is not stored at Twilio',
  };
}

/** A file extension for media, which Twilio does not name. */
function extensionOf(mediaType: string): string {
  return /\/(?:x-|vnd\.)?([a-z0-9]+)/.exec(mediaType)?.[1] ?? 'bin';
}

/** Sends the credentials only to Twilio, or to the server that replaces it in the configuration. */
function isOfTwilio(text: string, apiUrl: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  const isTwilio = url.protocol === 'https:' && url.hostname.endsWith('.twilio.com');
  return isTwilio || url.origin === new URL(apiUrl).origin;
}
