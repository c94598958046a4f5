import { type Phrase, PhraseFinder } from './phrase-finder.ts';
import { secretForms } from './secret-forms.ts';

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
