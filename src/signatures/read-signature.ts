import { decodeStrictly } from './hmac.ts';
import type { SignatureScheme } from './signature-scheme.ts';

/** The headers of a request, by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** The signature headers of a request, as the sender wrote them. */
export interface CarriedSignature {
  readonly signatures: readonly Uint8Array[];
  /** `null` if the scheme has none. */
  readonly timestamp: string | null;
  readonly id: string | null;
}

/** Reads the headers of a scheme; `null` if anything is missing or not in the scheme's form. */
export function readSignature(headers: RequestHeaders, scheme: SignatureScheme): CarriedSignature | null {
  const text = headers[scheme.header];
  const entries = text === undefined ? null : entriesOf(text, scheme);
  if (entries === null) return null;
  const timestamp = timestampOf(headers, entries, scheme);
  const id = scheme.idHeader === null ? null : headers[scheme.idHeader];
  if (timestamp === undefined || id === undefined || id === '') return null;
  const signatures = entries
    .filter(([name]) => name === signatureName(scheme))
    .map(([, value]) => decodeStrictly(value, scheme.encoding));
  if (!signatures.every((signature) => signature !== null)) return null;
  return { signatures, timestamp, id };
}

type Entry = readonly [name: string, value: string];

function entriesOf(text: string, { carrier }: SignatureScheme): readonly Entry[] | null {
  if (carrier.kind === 'single') {
    const { prefix, separator } = carrier;
    const texts = separator === undefined ? [text] : text.split(separator).map((one) => one.trim());
    if (!texts.every((one) => one.startsWith(prefix))) return null;
    return texts.map((one) => ['', one.slice(prefix.length)]);
  }
  const entries: Entry[] = [];
  for (const entry of text.split(carrier.separator)) {
    const [name = '', ...value] = entry.replace(/^[ \t]+/, '').split(carrier.assignment);
    if (name === '' || value.length === 0) return null;
    entries.push([name, value.join(carrier.assignment)]);
  }
  return entries;
}

function signatureName({ carrier }: SignatureScheme): string {
  return carrier.kind === 'single' ? '' : carrier.signature;
}

/** `undefined` if the request has none or several. */
function timestampOf(
  headers: RequestHeaders,
  entries: readonly Entry[],
  { timestamp }: SignatureScheme,
): string | null | undefined {
  if (timestamp === null) return null;
  if ('header' in timestamp) return headers[timestamp.header];
  const times = entries.filter(([name]) => name === timestamp.entry);
  return times.length === 1 ? times[0]?.[1] : undefined;
}
