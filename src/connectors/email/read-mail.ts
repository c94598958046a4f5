import { type AddressObject, type ParsedMail, simpleParser } from 'mailparser';
import { type JsonObject, Payload } from '../../core/json/json-value.ts';
import { type ReadAttachments, readAttachments } from './attachments.ts';
import type { Mail } from './mail-event.ts';

/** Longer HTML is not converted to text for messages without a text part. */
const maxHtmlCharacters = 2_000_000;

export interface ReadMail {
  readonly payload: Payload;
  /** The message for a model. Attachment contents are omitted; they reach the model as files. */
  readonly modelInput: string;
  readonly warnings: readonly string[];
  /** Where a reply goes and which messages it refers to; `null` if the message names no sender. */
  readonly address: JsonObject | null;
}

/** Decodes a message's text and HTML and separates its attachments. @throws where it cannot be read */
export async function readMail(mail: Mail, connectorId: string): Promise<ReadMail> {
  const parsed = await simpleParser(Buffer.from(mail.source), {
    skipTextToHtml: true,
    maxHtmlLengthToParse: maxHtmlCharacters,
    keepCidLinks: true,
  });
  const attachments = await readAttachments(parsed.attachments);
  const facts = factsOf(parsed, mail, connectorId);
  const { _email, ...content } = facts;
  const files = attachments.files.length === 0 ? {} : { files: attachments.files };
  return {
    payload: Payload.of({ ...content, attachments: attachments.entries, _email: _email ?? null, ...files }),
    modelInput: JSON.stringify({ ...content, attachments: attachments.described }),
    warnings: warningsOf(mail, attachments),
    address: replyAddress(parsed),
  };
}

function factsOf(parsed: ParsedMail, mail: Mail, connectorId: string): JsonObject {
  const { mailbox, uid, uidValidity, arrivedAt } = mail;
  const arrived = new Date(arrivedAt).toISOString();
  return {
    from: parsed.from?.text ?? null,
    from_address: firstAddress(parsed.from),
    to: textOf(parsed.to),
    cc: textOf(parsed.cc),
    subject: parsed.subject ?? '',
    date: parsed.date?.toISOString() ?? arrived,
    message_id: parsed.messageId ?? null,
    in_reply_to: parsed.inReplyTo ?? null,
    references: referencesOf(parsed),
    body_text: parsed.text ?? '',
    body_html: parsed.html === false ? null : (parsed.html ?? null),
    _email: { connector_id: connectorId, mailbox, uid, uid_validity: uidValidity, timestamp: arrived },
  };
}

function textOf(addresses: AddressObject | AddressObject[] | undefined): string | null {
  if (addresses === undefined) return null;
  return [addresses]
    .flat()
    .map(({ text }) => text)
    .join(', ');
}

function firstAddress(addresses: AddressObject | undefined): string | null {
  const all = addresses?.value.flatMap(({ address, group }) => [
    address,
    ...(group ?? []).map((one) => one.address),
  ]);
  return all?.find((address) => address !== undefined && address !== '')?.toLowerCase() ?? null;
}

/** As in the header, separated by spaces. */
function referencesOf({ references }: ParsedMail): string | null {
  if (references === undefined) return null;
  return [references].flat().join(' ');
}

/**
 * Replies go to the sender's chosen address (RFC 5322, section 3.6.3) and name the messages they answer (section
 * 3.6.4).
 */
function replyAddress(parsed: ParsedMail): JsonObject | null {
  const to = firstAddress(parsed.replyTo) ?? firstAddress(parsed.from);
  if (to === null) return null;
  const { messageId, inReplyTo, subject = '' } = parsed;
  const known = referencesOf(parsed) ?? inReplyTo ?? '';
  const references = [known, messageId ?? ''].filter((part) => part !== '').join(' ');
  return { to, message_id: messageId ?? null, references, subject };
}

function warningsOf({ size, source }: Mail, { warnings }: ReadAttachments): string[] {
  if (source.length >= size) return [...warnings];
  return [`The message has ${size} bytes; only the first ${source.length} were read.`, ...warnings];
}
