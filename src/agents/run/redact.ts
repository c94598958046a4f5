import { hidden, isSecretName, type SecretHider, secretHider } from '../../core/redaction/hide-secrets.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Values of switches and settings, whose names sometimes look like a secret's. */
const plainValue = /^(?:true|false|yes|none|null|undefined|enabled|disabled|default|\d{1,5})$/i;

/** If the name is ambiguous (`SORT_KEY`, `BASIC_AUTH`), a shorter value counts as an ordinary word. */
const shortestInDoubt = 8;

/** The secrets of an environment: values of variables with a secret's name, and passwords in URLs. */
function secretValues(env: Environment): string[] {
  return Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined || plainValue.test(value.trim())) return [];
    if (!isSecretName(name, 'variable')) return passwordsIn(value);
    const isCertain = isSecretName(name, 'field') || /pass$/i.test(name);
    return isCertain || value.length >= shortestInDoubt ? [value] : [];
  });
}

/** The password of a URL such as `postgres://user:password@host`, as written and decoded. */
function passwordsIn(value: string): string[] {
  if (!value.includes('://')) return [];
  const written = URL.parse(value)?.password ?? '';
  if (written === '') return [];
  try {
    return [written, decodeURIComponent(written)];
  } catch {
    return [written];
  }
}

/** Removes secrets from everything that a trace, a log line or an error shows. */
export interface Redactor {
  /** At most `maxLength` characters of the text, without known secrets and values that follow a secret's name. */
  text(text: string, maxLength: number): string;
  /** JSON text of a value without secrets, at most `maxLength` characters; fields with a secret's name are redacted. */
  json(value: unknown, maxLength: number): string;
}

const redactors = new WeakMap<object, Redactor>();

/** The redactor for an environment; created once per environment object. */
export function redactorOf(env: Readonly<Record<string, string | undefined>>): Redactor {
  const known = redactors.get(env);
  if (known !== undefined) return known;
  const made = makeRedactor(secretHider(secretValues(env)));
  redactors.set(env, made);
  return made;
}

/** The same with further secrets, which only one run has. */
export function redactorWith(
  env: Readonly<Record<string, string | undefined>>,
  secrets: readonly string[],
): Redactor {
  return makeRedactor(secretHider([...secretValues(env), ...secrets]));
}

function makeRedactor(secrets: SecretHider): Redactor {
  const text = (original: string, maxLength: number) => {
    const isCut = original.length > maxLength;
    // Text beyond the length is never examined.
    const looked = isCut ? original.slice(0, maxLength) : original;
    const clean = hideNamedValues(secrets.hide(looked, isCut));
    if (!isCut && clean.length <= maxLength) return clean;
    const cut = original.length - looked.length + Math.max(0, clean.length - maxLength);
    return `${clean.slice(0, maxLength)}... (${cut} more characters)`;
  };
  return { text, json: (value, maxLength) => text(jsonWithoutSecrets(value), maxLength) };
}

function jsonWithoutSecrets(value: unknown): string {
  try {
    const json = JSON.stringify(value, (name, field: unknown) =>
      isSecretName(name, 'field') && isValue(field) ? hidden : field,
    );
    return json ?? 'null';
  } catch {
    return '"[not JSON]"';
  }
}

/** Whether a secret exists is not a secret. */
function isValue(field: unknown): boolean {
  return field !== null && typeof field !== 'boolean';
}

/** A possible name of a value. Each character of a text belongs to at most one name, so that one pass is enough. */
const anyName = /[A-Za-z_][\w.-]*/g;

/** From the end of a name to the beginning of its value: `="`, `": "`, `'] = `, `\": \"`. Not a comparison. */
const assignment = /\\*["'`]?\]?[ \t]*(?::=?|=>?)(?![=:])[ \t]*/y;
const openingQuote = /(\\*)(["'`])/y;
/** Includes what is already redacted. */
const unquotedValue = /(?:\[redacted\]|[^\s"'`,;&)}\]])+/y;
const restOfLine = /[^\r\n]+/y;
const restUpToQuote = /[^\r\n"'`]+/y;

/** Schemes whose credentials are one word (RFC 9110, section 11.4); those of others extend to the end of the line. */
const oneWordScheme = /(?:bearer|basic|token) +/iy;
const headerOfManyWords = /(?:authorization|cookie)$/i;
const bearerToken = / +[\w.~+/=-]{8,}/y;

/** Values that mean that there is no secret. */
const noValue = /^(?:null|undefined|none|nil|true|false)$/i;

/** The user name and the host stay visible; the password between them does not. */
const passwordInUrl = /(:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g;

/**
 * Hides values that follow a secret's name (`Authorization: Bearer abc`, `"apiKey": "abc"`, `PGPASSWORD=abc`), bearer
 * tokens, and passwords in URLs. Its work grows only with the length of the text.
 */
function hideNamedValues(text: string): string {
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

/** The text between two quotes; to the end of the text if the second one was cut off. */
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

/** Where a sticky pattern that starts at `at` ends; `null` if it does not match there. */
function endOf(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : null;
}
