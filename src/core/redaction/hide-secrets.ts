import { type Phrase, PhraseFinder } from './phrase-finder.ts';

/** What stands in the place of a secret. */
export const hidden = '[redacted]';

/** Shorter values are found by their names only: hiding each `1` or `dev` would garble every text. */
const shortestSecret = 4;

/** Shorter values are hidden as whole words only, for the same reason. */
const shortestInWords = 8;

/** Takes known secrets out of texts. */
export interface SecretHider {
  /**
   * The text with `[redacted]` in the place of every secret, in whichever form it stands there.
   *
   * @param isCut whether the text goes on: then what may be the beginning of a secret is left out at its end
   */
  hide(text: string, isCut?: boolean): string;
}

/** Knows secrets of 4 characters and more; those under 8 are hidden where they stand as a word of their own. */
export function secretHider(secrets: readonly string[]): SecretHider {
  const phrases = secrets.flatMap(phrasesOf);
  if (phrases.length === 0) return { hide: (text) => text };
  const finder = new PhraseFinder(phrases);
  return { hide: (text, isCut = false) => hideFound(finder, text, isCut) };
}

/**
 * The same for one text and secrets that no other text will be searched for. Most texts hold none of them: to look for one
 * after the other costs less than to get ready for all.
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

/** Shorter parts of a secret's Base64 would be found in texts that have nothing to do with it. */
const shortestBase64 = 6;

/** Shorter lines of a secret of several lines (a closing line, a checksum) are found with the whole only. */
const shortestLine = 16;

/**
 * The texts in which a secret may turn up: as it is, escaped for JSON or for a source text once and twice, encoded for
 * URLs, in Base64 wherever it begins there; of a secret with several lines, such as a private key, each line too.
 */
function secretForms(secret: string): string[] {
  // Where a variable holds one line only, line breaks are often written out and put in by the program.
  const whole = new Set([secret, secret.replaceAll(/(\\r)?\\n/g, '\n')]);
  const lines = [...whole].flatMap(keyLines);
  const texts = [...whole, ...lines];
  const forms = [...texts, ...texts.flatMap(escaped), ...texts.flatMap(urlEncoded)];
  return [...new Set([...forms, ...[...whole].flatMap(inBase64)])];
}

/** The lines that hold a key, without the frame that names its kind (RFC 7468). */
function keyLines(text: string): string[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  if (lines.length === 1) return [];
  return lines.filter((line) => line.length >= shortestLine && !line.startsWith('-----'));
}

function escaped(text: string): string[] {
  const once = escapedOnce(text);
  return [...once, ...once.flatMap(escapedOnce)];
}

/** As JSON of `JSON.stringify`, of writers that keep to ASCII, and of those that escape slashes; as a printed object has it. */
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
 * The characters that a secret's bytes alone decide, for each place that its first byte may have in a group of three,
 * in both alphabets.
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
