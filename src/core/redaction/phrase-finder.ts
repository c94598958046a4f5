/** A text to find in others. */
export interface Phrase {
  readonly text: string;
  /** Matches only if no letter, digit or underscore is directly before or after it. */
  readonly isWord: boolean;
}

/** A part of a text, in UTF-16 code units. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export interface Findings {
  /** In order, without overlaps: phrases that overlap or touch form one range. */
  readonly ranges: readonly TextRange[];
  /** How many characters at the end of the text may begin a phrase that continues after it. */
  readonly unfinished: number;
  /** Moves of the automaton: at most two per character, for any phrases and any text. */
  readonly moves: number;
}

type MutableRange = { -readonly [Field in keyof TextRange]: TextRange[Field] };

/**
 * Finds many phrases in one pass over a text (Aho and Corasick, "Efficient string matching", 1975).
 *
 * The trie is stored in parallel arrays with one entry per node: an object per node would take ten times the memory for
 * the forms of a private key. Node 0 is the root. No edge of the trie leads to it, so 0 also means "none".
 */
export class PhraseFinder {
  readonly #codes = [0];
  readonly #firstChildren = [0];
  readonly #siblings = [0];
  readonly #depths = [0];
  /** The longest proper suffix of a node's text that also begins a phrase. */
  readonly #fallbacks = [0];
  /** The nearest node along the fallbacks, including the node itself, at which a phrase ends. */
  readonly #ends = [0];
  readonly #isWord = [false];
  /** Only the root may have many children. */
  readonly #roots = new Map<number, number>();

  constructor(phrases: readonly Phrase[]) {
    for (const phrase of phrases) if (phrase.text !== '') this.#add(phrase);
    this.#linkFallbacks();
  }

  find(text: string): Findings {
    const ranges: MutableRange[] = [];
    let moves = 0;
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      let next = this.#childOf(node, code);
      moves++;
      while (next === 0 && node !== 0) {
        node = this.#fallbacks[node] ?? 0;
        next = this.#childOf(node, code);
        moves++;
      }
      node = next;
      const length = this.#lengthEndingAt(node, text, at + 1);
      if (length > 0) join(ranges, at + 1 - length, at + 1);
    }
    return { ranges, unfinished: this.#depths[node] ?? 0, moves };
  }

  #add({ text, isWord }: Phrase): void {
    let node = 0;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      node = this.#childOf(node, code) || this.#addChild(node, code);
    }
    this.#isWord[node] = isWord && (this.#ends[node] === 0 || this.#isWord[node] === true);
    this.#ends[node] = node;
  }

  #addChild(parent: number, code: number): number {
    const node = this.#codes.push(code) - 1;
    this.#depths.push((this.#depths[parent] ?? 0) + 1);
    this.#firstChildren.push(0);
    this.#fallbacks.push(0);
    this.#ends.push(0);
    this.#isWord.push(false);
    if (parent === 0) {
      this.#siblings.push(0);
      this.#roots.set(code, node);
    } else {
      this.#siblings.push(this.#firstChildren[parent] ?? 0);
      this.#firstChildren[parent] = node;
    }
    return node;
  }

  #childOf(parent: number, code: number): number {
    if (parent === 0) return this.#roots.get(code) ?? 0;
    let child = this.#firstChildren[parent] ?? 0;
    while (child !== 0 && this.#codes[child] !== code) child = this.#siblings[child] ?? 0;
    return child;
  }

  /** Breadth first, because a node's fallback is nearer to the root than the node. */
  #linkFallbacks(): void {
    const queue = [...this.#roots.values()];
    for (const parent of queue) {
      for (let child = this.#firstChildren[parent] ?? 0; child !== 0; child = this.#siblings[child] ?? 0) {
        const fallback = this.#fallbackOfChild(parent, this.#codes[child] ?? 0);
        this.#fallbacks[child] = fallback;
        this.#ends[child] ||= this.#ends[fallback] ?? 0;
        queue.push(child);
      }
    }
  }

  #fallbackOfChild(parent: number, code: number): number {
    let node = parent;
    do {
      node = this.#fallbacks[node] ?? 0;
      const child = this.#childOf(node, code);
      if (child !== 0) return child;
    } while (node !== 0);
    return 0;
  }

  /** The length of the longest phrase that ends right before `end`; 0 if none does. */
  #lengthEndingAt(node: number, text: string, end: number): number {
    let last = this.#ends[node] ?? 0;
    while (last !== 0) {
      const length = this.#depths[last] ?? 0;
      if (this.#isWord[last] !== true || isWordAt(text, end - length, end)) return length;
      last = this.#ends[this.#fallbacks[last] ?? 0] ?? 0;
    }
    return 0;
  }
}

function isWordAt(text: string, start: number, end: number): boolean {
  return !isWordCharacter(text.charAt(start - 1)) && !isWordCharacter(text.charAt(end));
}

function isWordCharacter(character: string): boolean {
  return /^[\p{L}\p{N}_]$/u.test(character);
}

/** Adds a range that ends after all others, and merges it with those that it overlaps or touches. */
function join(ranges: MutableRange[], start: number, end: number): void {
  const joined = { start, end };
  for (let last = ranges.at(-1); last !== undefined && last.end >= joined.start; last = ranges.at(-1)) {
    joined.start = Math.min(joined.start, last.start);
    ranges.pop();
  }
  ranges.push(joined);
}
