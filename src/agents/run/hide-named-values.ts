import { hidden } from '../../core/redaction/hide-secrets.ts';
import { isSecretName } from '../../core/redaction/secret-name.ts';

/** What may be the name of a value. Each character of a text belongs to one name at most, so that one pass is enough. */
const anyName = /[A-Za-z_][\w.-]*/g;

/** From the end of a name to the begin of its value: `="`, `": "`, `'] = `, `\": \"`. No comparison. */
const assignment = /\\*["'`]?\]?[ \t]*(?::=?|=>?)(?![=:])[ \t]*/y;
const openingQuote = /(\\*)(["'`])/y;
/** What has been hidden already belongs to it. */
const unquotedValue = /(?:\[redacted\]|[^\s"'`,;&)}\]])+/y;
const restOfLine = /[^\r\n]+/y;
const restUpToQuote = /[^\r\n"'`]+/y;

/** Schemes whose credentials are one word (RFC 9110, section 11.4); those of others are several, up to the line's end. */
const oneWordScheme = /(?:bearer|basic|token) +/iy;
const headerOfManyWords = /(?:authorization|cookie)$/i;
const bearerToken = / +[\w.~+/=-]{8,}/y;

/** What says that there is no secret. */
const noValue = /^(?:null|undefined|none|nil|true|false)$/i;

/** User names may be seen, the password between them and the host may not. */
const passwordInUrl = /(:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g;

/**
 * Hides the values that stand behind a secret's name (`Authorization: Bearer abc`, `"apiKey": "abc"`, `PGPASSWORD=abc`),
 * bearer tokens, and passwords in URLs. Its work grows with the length of the text and with nothing else.
 */
export function hideNamedValues(text: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { index, 0: name } of text.matchAll(anyName)) {
    if (index < from) continue;
    const value = namedValue(name, index, text);
    if (value === null) continue;
    pieces.push(text.slice(from, value.start), hidden);
    from = value.end;
  }
  pieces.push(text.slice(from));
  return pieces.join('').replace(passwordInUrl, `$1${hidden}`);
}

interface Value {
  readonly start: number;
  readonly end: number;
}

function namedValue(name: string, index: number, text: string): Value | null {
  const nameEnd = index + name.length;
  if (name.toLowerCase() === 'bearer') {
    const end = endOf(bearerToken, text, nameEnd);
    if (end !== null) return { start: nameEnd + 1, end };
  }
  if (!isSecretName(name, 'field')) return null;
  const start = endOf(assignment, text, nameEnd);
  if (start === null) return null;
  const value = quotedValue(text, start) ?? unquoted(name, text.charAt(index - 1), text, start);
  return value === null || noValue.test(text.slice(value.start, value.end)) ? null : value;
}

/** The text between two quotes; up to the end of all, where the second one was cut off. */
function quotedValue(text: string, at: number): Value | null {
  const end = endOf(openingQuote, text, at);
  if (end === null) return null;
  const quote = text.charAt(end - 1);
  const escapes = end - 1 - at;
  let backslashes = 0;
  for (let next = end; next < text.length; next++) {
    const character = text.charAt(next);
    if (character === quote && backslashes <= escapes) return spanOf(end, next - backslashes);
    backslashes = character === '\\' ? backslashes + 1 : 0;
  }
  return spanOf(end, text.length);
}

function unquoted(name: string, before: string, text: string, at: number): Value | null {
  const isWhole = headerOfManyWords.test(name);
  const start = isWhole ? (endOf(oneWordScheme, text, at) ?? at) : at;
  const isOneWord = !isWhole || start > at;
  const value = isOneWord ? unquotedValue : /["'`]/.test(before) ? restUpToQuote : restOfLine;
  const end = endOf(value, text, start);
  return end === null ? null : spanOf(at, end);
}

function spanOf(start: number, end: number): Value | null {
  return start < end ? { start, end } : null;
}

/** Where a sticky pattern ends that begins at `at`; `null` where it does not begin there. */
function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
