import { type Phrase, PhraseFinder } from './phrase-finder.ts';

/** Replaces a secret in a text. */
export const hidden = '[redacted]';

/** Shorter values are recognized only by their names: hiding each `1` or `dev` would garble every text. */
const shortestSecret = 4;

/** Shorter values are hidden only as whole words, for the same reason. */
const shortestInWords = 8;

/** Removes known secrets from texts. */
export interface SecretHider {
  /**
   * The text with `[redacted]` in place of every secret, in any of its forms.
   *
   * @param isCut whether the text was cut: an end that may begin a secret is then removed too
   */
  hide(text: string, isCut?: boolean): string;
}

/** Hides secrets of at least 4 characters; those under 8 only as whole words. */
export function secretHider(secrets: readonly string[]): SecretHider {
  const phrases = secrets.flatMap(phrasesOf);
  if (phrases.length === 0) return { hide: (text) => text };
  const finder = new PhraseFinder(phrases);
  return { hide: (text, isCut = false) => hideFound(finder, text, isCut) };
}

/**
 * The same for one text. Most texts contain no secret: looking for one after the other costs less than preparing a
 * search for all.
 */
export function hideSecrets(text: string, secrets: readonly string[], isCut = false): string {
  const phrases = [...new Set(secrets)].flatMap(phrasesOf);
  if (!isCut && !phrases.some((phrase) => text.includes(phrase.text))) return text;
  return hideFound(new PhraseFinder(phrases), text, isCut);
}

function phrasesOf(secret: string): Phrase[] {
  const plain = secret.trim();
  if (plain.length < shortestSecret) return [];
  return secretForms(plain).map((text) => ({
    text,
    isWord: text === plain && text.length < shortestInWords,
  }));
}

function hideFound(finder: PhraseFinder, text: string, isCut: boolean): string {
  const { ranges, unfinished } = finder.find(text);
  const to = isCut ? text.length - unfinished : text.length;
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end } of ranges) {
    if (start >= to) break;
    pieces.push(text.slice(from, start), hidden);
    from = end;
  }
  pieces.push(text.slice(from, Math.max(from, to)));
  return pieces.join('');
}

/** Shorter parts of a secret's Base64 would match unrelated texts. */
const shortestBase64 = 6;

/** Shorter lines of a secret with several lines (a closing line, a checksum) are hidden only with the whole. */
const shortestLine = 16;

/**
 * The forms in which a secret may appear: as it is; escaped once or twice, for JSON or source text; URL-encoded; in
 * Base64 at any offset. Of a secret with several lines, such as a private key, also each line.
 */
function secretForms(secret: string): string[] {
  // Variables that hold only one line often have escaped line breaks, which the program restores.
  const whole = new Set([secret, secret.replaceAll(/(\\r)?\\n/g, '\n')]);
  const lines = [...whole].flatMap(keyLines);
  const texts = [...whole, ...lines];
  const forms = [...texts, ...texts.flatMap(escaped), ...texts.flatMap(urlEncoded)];
  return [...new Set([...forms, ...[...whole].flatMap(inBase64)])];
}

/** The lines that hold a key, without the lines that frame it (RFC 7468). */
function keyLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.length === 1) return [];
  return lines.filter((line) => line.length >= shortestLine && !line.startsWith('-----'));
}

function escaped(text: string): string[] {
  const once = escapedOnce(text);
  return [...once, ...once.flatMap(escapedOnce)];
}

/** As written by `JSON.stringify`, by ASCII-only writers, by those that escape slashes, and in printed objects. */
function escapedOnce(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const printed = json.replaceAll('\\"', '"');
  return [json, inAscii(json), json.replaceAll('/', '\\/'), printed, printed.replaceAll("'", "\\'")];
}

function inAscii(text: string): string {
  return text.replaceAll(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function urlEncoded(text: string): string[] {
  const component = encodeURIComponent(text.toWellFormed());
  const form = new URLSearchParams([['', text]]).toString().slice(1);
  const path = encodeURI(text.toWellFormed());
  return [component, form, path].flatMap((encoded) => [encoded, withSmallDigits(encoded)]);
}

function withSmallDigits(encoded: string): string {
  return encoded.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
}

/**
 * The characters that depend only on the secret's bytes, for each position of its first byte in a group of three, in
 * both alphabets.
 */
function inBase64(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((place) => {
    const shifted = Buffer.concat([Buffer.alloc(place), bytes]);
    const from = Math.ceil((place * 8) / 6);
    const to = Math.floor((shifted.length * 8) / 6);
    if (to - from < shortestBase64) return [];
    return (['base64', 'base64url'] as const).map((alphabet) => shifted.toString(alphabet).slice(from, to));
  });
}

/** The origin of a name: a program's field named `key` is rarely a secret, a variable or a header usually is. */
export type NameOf = 'field' | 'variable';

/** A name that contains one of these names a secret, in any spelling: `PGPASSWORD`, `clientSecret`, `x-api-key`. */
const anywhere =
  /password|passwd|passphrase|passcode|secret(?!ar)|credential|authorization|cookie|apikey|privatekey|accesskey|signingkey|encryptionkey/;

/** Words that name a secret on their own: a `token`, but not a number of `tokens`. */
const wordsOfFields = ['token', 'jwt', 'signature', 'bearer', 'pwd'];
const wordsOfVariables = [...wordsOfFields, 'key', 'auth', 'pass', 'pat', 'dsn'];

/** The same at the end of words that run together, as in `NPMTOKEN`. */
const runTogether = /token$/;

/** Last words that describe a secret: `token_usage`, `secret_arn`, `PASSWORD_FILE`, `SSH_AUTH_SOCK`. */
const describing = new Set(
  `algorithm arn at count enabled endpoint expires expiration expiry field fields file format header hint in length limit
  max min name names path policy prefix provider required sock status ttl type url usage version`.split(
    /\s+/,
  ),
);

const words = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|\p{L}+/gu;

/** Names judged before: fields and headers have few names, which recur. */
const known: Readonly<Record<NameOf, Map<string, boolean>>> = { field: new Map(), variable: new Map() };
const mostKnown = 2_000;

/** Of a longer name, only the end counts. */
const longestName = 200;

/** Whether the value of this name is a secret, judged by the words in the name. */
export function isSecretName(name: string, of: NameOf): boolean {
  const looked = name.slice(-longestName);
  const found = known[of].get(looked);
  if (found !== undefined) return found;
  const judged = judge(looked, of);
  if (known[of].size >= mostKnown) known[of].clear();
  known[of].set(looked, judged);
  return judged;
}

function judge(name: string, of: NameOf): boolean {
  const parts = Array.from(name.matchAll(words), ([word]) => word.toLowerCase());
  const last = parts.at(-1);
  if (last === undefined || describing.has(last)) return false;
  // The shell's working directory.
  if (name === 'PWD' || name === 'OLDPWD') return false;
  if (last === 'id' && parts.includes('key')) return false;
  const whole = of === 'field' ? wordsOfFields : wordsOfVariables;
  return (
    anywhere.test(parts.join('')) || runTogether.test(last) || parts.some((part) => whole.includes(part))
  );
}

/** A signature by another name, such as `X-Shopify-Hmac-Sha256`. */
const signatureWord = /(^|[-_])hmac([-_]|$)/;

/** They identify the request, and prove nothing. */
const provesNothing = new Set(['idempotency-key', 'sec-websocket-key']);

/** Whether a header usually authenticates the sender, judged by its name. @param name in lower case */
export function isCredentialHeader(name: string): boolean {
  return !provesNothing.has(name) && (isSecretName(name, 'variable') || signatureWord.test(name));
}
