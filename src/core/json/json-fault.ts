/** The first fault that keeps a text from being one JSON value without repeated keys. */
export interface JsonFault {
  /** Offset of the character; the length of the text if it ends too early. */
  readonly at: number;
  /** The repeated key, as written, with its quotes; `null` for every other fault. */
  readonly repeatedKey: string | null;
}

/**
 * Finds what `JSON.parse` refuses, and repeated keys, which it accepts silently (RFC 8259, section 4). Only for texts
 * that have a fault: it is slower than `JSON.parse`, and recurses into nested values.
 *
 * @returns `null` if there is no fault
 */
export function findJsonFault(text: string): JsonFault | null {
  const search = new FaultSearch(text);
  search.whole();
  return search.fault;
}

const space = /[\t\n\r ]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** The valid beginning of a number, to find the first wrong character. */
const numberSoFar = /-?(?:0|[1-9]\d*)?(?:(?<=\d)\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?/y;
/** Characters that need no escape in a string: everything from the space on, except the quote and the backslash. */
const plainCharacters = /[ !#-[\]-\uffff]*/y;
const escaped = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const escapedSoFar = /\\(?:u[\da-fA-F]{0,3})?/y;

class FaultSearch {
  fault: JsonFault | null = null;
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): boolean {
    return this.#value() && (this.#at === this.#text.length || this.#refuse());
  }

  #value(): boolean {
    this.#skip(space);
    return this.#bareValue() && this.#skip(space);
  }

  #bareValue(): boolean {
    switch (this.#text[this.#at]) {
      case '{':
        return this.#members();
      case '[':
        return this.#list(']', () => this.#value());
      case '"':
        return this.#string();
      case 't':
        return this.#word('true');
      case 'f':
        return this.#word('false');
      case 'n':
        return this.#word('null');
      default:
        return this.#skip(number) || this.#refuseAfter(numberSoFar);
    }
  }

  #members(): boolean {
    const known = new Set<string>();
    return this.#list('}', () => {
      this.#skip(space);
      const start = this.#at;
      if (!this.#string()) return false;
      const written = this.#text.slice(start, this.#at);
      const key: unknown = JSON.parse(written);
      if (known.has(String(key))) return this.#refuse(start, written);
      known.add(String(key));
      this.#skip(space);
      return this.#character(':') && this.#value();
    });
  }

  /** Entries between commas, up to `end`. */
  #list(end: string, entry: () => boolean): boolean {
    this.#at++;
    this.#skip(space);
    if (this.#text[this.#at] === end) return this.#character(end);
    for (;;) {
      if (!entry()) return false;
      if (this.#text[this.#at] === end) return this.#character(end);
      if (!this.#character(',')) return false;
    }
  }

  #string(): boolean {
    if (!this.#character('"')) return false;
    this.#skip(plainCharacters);
    while (this.#text[this.#at] === '\\') {
      if (!this.#skip(escaped)) return this.#refuseAfter(escapedSoFar);
      this.#skip(plainCharacters);
    }
    return this.#character('"');
  }

  #word(word: string): boolean {
    for (const character of word) if (!this.#character(character)) return false;
    return true;
  }

  #character(character: string): boolean {
    if (this.#text[this.#at] !== character) return this.#refuse();
    this.#at++;
    return true;
  }

  /** Moves past the pattern's match at the current offset; `false` if it does not match. */
  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #refuseAfter(pattern: RegExp): false {
    this.#skip(pattern);
    return this.#refuse();
  }

  #refuse(at = this.#at, repeatedKey: string | null = null): false {
    this.fault = { at, repeatedKey };
    return false;
  }
}
