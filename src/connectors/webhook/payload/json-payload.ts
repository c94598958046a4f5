import type { Refused } from '../../../core/connector-type.ts';
import { messageOf } from '../../../core/errors.ts';
import { parseExactly } from '../../../core/exact-json.ts';
import type { JsonValue } from '../../../core/json-value.ts';
import { Payload } from '../../../core/payload.ts';
import { refuse } from '../refuse.ts';
import { decodeText } from './decode-text.ts';
import type { PayloadRead } from './payload-read.ts';

/** Deeper than data that people shape, and far from where programs that read it overflow their stack. */
export const maxDepth = 256;

/** The whole JSON value, of any kind. */
export function jsonPayload(bytes: Uint8Array, charset: string): PayloadRead {
  if (bytes.length === 0) return refuse('malformed', 'The body is empty, but its content type is JSON.');
  const decoded = decodeText(bytes, charset, 'The body');
  return decoded.outcome === 'refused' ? decoded : parse(decoded.text);
}

function parse(text: string): PayloadRead {
  let payload: JsonValue;
  try {
    payload = parseExactly(text);
  } catch (thrown) {
    return malformed(thrown);
  }
  // Each level takes two characters at least: short texts, which are most, need no look.
  if (text.length > 2 * maxDepth && isDeeper(payload, maxDepth)) {
    return refuse('malformed', `The JSON in the body is nested more than ${maxDepth} levels deep.`);
  }
  return { outcome: 'read', payload: Payload.of(payload), warnings: [] };
}

/** Where the error lies, without the parser's excerpt of the text. */
function malformed(thrown: unknown): Refused {
  const place = /line \d+ column \d+/.exec(messageOf(thrown))?.[0];
  return refuse('malformed', `The body is not valid JSON${place === undefined ? '' : ` (${place})`}.`);
}

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((child) => isDeeper(child, levels - 1));
}
