import { decodeStrictly } from './hmac.ts';
import type { SignatureScheme } from './signature-scheme.ts';

/** The headers of a request, by lower-case name. */
export type RequestHeaders = Readonly<Record<string, string | undefined>>;

/** What a request carries beside its body, as the sender wrote it. */
export interface CarriedSignature {
  readonly signatures: readonly Uint8Array[];
  /** `null` where the scheme has none. */
  readonly timestamp: string | null;
  readonly id: string | null;
}

/** Reads what a scheme's headers carry; `null` where anything is missing or not written as the scheme writes it. */
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

/** `undefined` where the request lacks it, or has more than one. */
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
