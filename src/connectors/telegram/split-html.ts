import { splitText } from '../../providers/split-text.ts';

/** Tags that Telegram supports (core.telegram.org/bots/api, "HTML style"). */
const known = /^(b|strong|i|em|u|ins|s|strike|del|span|tg-spoiler|a|tg-emoji|tg-time|code|pre|blockquote)$/;

const token = /<(?<close>\/?)(?<name>[a-z][a-z-]*)(?:\s[^<>]*)?>|[^<>\s]+|\s+|[<>]/gi;

/**
 * Splits Telegram's HTML between words into pieces of at most `longest` UTF-16 code units, each with all its tags
 * closed.
 *
 * @returns `null` if the text is not valid Telegram HTML
 */
export function splitHtml(text: string, longest: number): readonly string[] | null {
  const pieces = new HtmlPieces(longest);
  for (const { 0: whole, groups } of text.matchAll(token)) {
    const name = groups?.['name']?.toLowerCase();
    const isValid =
      name === undefined
        ? pieces.add(whole)
        : groups?.['close'] === '/'
          ? pieces.close(name, whole)
          : pieces.open(name, whole);
    if (!isValid) return null;
  }
  return pieces.end();
}

interface OpenTag {
  readonly name: string;
  /** The tag as written. */
  readonly text: string;
}

class HtmlPieces {
  readonly #longest: number;
  readonly #pieces: string[] = [];
  #open: readonly OpenTag[] = [];
  #piece = '';
  #hasText = false;

  constructor(longest: number) {
    this.#longest = longest;
  }

  /** @returns `false` for an angle bracket that is not part of a tag */
  add(word: string): boolean {
    if (word === '<' || word === '>') return false;
    // Cuts words longer than half a piece.
    const parts = word.trim() === '' ? [word] : splitText(word, Math.floor(this.#longest / 2));
    for (const part of parts) {
      if (!this.#hasRoom(part.length, this.#open)) this.#flush();
      if (!this.#hasText && part.trim() === '') continue;
      this.#piece += part;
      this.#hasText = true;
    }
    return true;
  }

  open(name: string, text: string): boolean {
    if (!known.test(name)) return false;
    const open = [...this.#open, { name, text }];
    if (!this.#hasRoom(text.length, open)) this.#flush();
    this.#piece += text;
    this.#open = open;
    return true;
  }

  close(name: string, text: string): boolean {
    if (this.#open.at(-1)?.name !== name) return false;
    this.#piece += text;
    this.#open = this.#open.slice(0, -1);
    return true;
  }

  end(): readonly string[] | null {
    if (this.#open.length > 0) return null;
    this.#flush();
    return this.#pieces;
  }

  #hasRoom(length: number, open: readonly OpenTag[]): boolean {
    return this.#piece.length + length + closing(open).length <= this.#longest;
  }

  #flush(): void {
    if (this.#hasText) this.#pieces.push(`${this.#piece.trimEnd()}${closing(this.#open)}`);
    this.#piece = this.#open.map(({ text }) => text).join('');
    this.#hasText = false;
  }
}

function closing(tags: readonly OpenTag[]): string {
  return tags
    .map(({ name }) => `</${name}>`)
    .reverse()
    .join('');
}
