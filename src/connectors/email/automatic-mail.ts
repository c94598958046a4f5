/** Message-IDs that the product creates contain the delivery's ID. */
const ownMessageId = /^<[\da-f-]{36}\.agent-connectors@/i;

/** The Message-ID of a delivery, the same for all its attempts. It identifies the message as the product's own. */
export function messageIdOf(deliveryId: string, fromAddress: string): string {
  return `<${deliveryId}.agent-connectors@${fromAddress.split('@').at(-1)}>`;
}

/**
 * The kind of an automatic message, which no agent may answer (RFC 3834, section 2); `null` for other messages.
 * Newsletters and mailing lists address people, so they do not count as automatic.
 *
 * @param source the message; only its header is read
 * @returns the beginning of a sentence
 */
export function automaticKind(source: Uint8Array): string | null {
  const header = headerOf(source);
  if (ownMessageId.test(header.get('message-id') ?? '')) return 'A message that this product sent';
  const submitted = word(header.get('auto-submitted'));
  if (submitted !== null && submitted !== 'no') return `An automatic message (Auto-Submitted: ${submitted})`;
  const returnPath = header.get('return-path')?.trim();
  if (returnPath === '<>') return 'A bounce (empty Return-Path)';
  if (word(header.get('content-type')) === 'multipart/report')
    return 'A bounce or a delivery report (multipart/report)';
  if (header.has('x-failed-recipients')) return 'A bounce (X-Failed-Recipients)';
  if (word(header.get('precedence')) === 'auto_reply') return 'An automatic reply (Precedence: auto_reply)';
  if (header.has('x-autoreply') || header.has('x-autorespond')) return 'An automatic reply (X-Autoreply)';
  return null;
}

/** The first word of a header field with parameters, in lower case. */
function word(value: string | undefined): string | null {
  return value === undefined ? null : (/^\s*([^\s;(]*)/.exec(value)?.[1]?.toLowerCase() ?? null);
}

/** Header fields beyond this many bytes are not read. */
const headerBytes = 256 * 1_024;

/** The first value of each header field, unfolded, by lower-case name. */
function headerOf(source: Uint8Array): ReadonlyMap<string, string> {
  const text = Buffer.from(source.subarray(0, headerBytes)).toString('latin1');
  const [header = ''] = text.split(/\r?\n\r?\n/, 1);
  const fields = new Map<string, string>();
  for (const line of header.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    if (name !== '' && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  return fields;
}
