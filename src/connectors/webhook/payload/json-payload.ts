import { Payload } from '../../../core/json/payload.ts';
import type { ReadJson } from '../../../core/json/read-json.ts';
import type { PayloadRead } from './payload-read.ts';

/** Deeper than data that people shape, and far from where programs that read it overflow their stack. */
export const maxDepth = 256;

/** The whole JSON value, of any kind. */
export async function jsonPayload(
  bytes: Uint8Array,
  charset: string,
  { maxKeys, readJson }: { readonly maxKeys: number; readonly readJson: ReadJson },
): Promise<PayloadRead> {
  const read = await readJson(bytes, charset, { maxDepth, maxKeys });
  if (read.outcome === 'refused') return read;
  return { outcome: 'read', payload: new Payload(read.text), warnings: [] };
}
