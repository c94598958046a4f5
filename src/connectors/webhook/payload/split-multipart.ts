/** What stands between two boundaries, as it comes. */
export interface PartSink {
  /** @returns what takes the content piece by piece; `null` where the whole form is refused */
  begin(header: Buffer): ((piece: Buffer) => void) | null;
}

export type SplitFault = 'header-too-large' | 'refused';

const lineBreak = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');
/** Blanks that may stand behind a boundary (RFC 2046, section 5.1.1). */
const longestPadding = 64;

/** Splits a multipart body (RFC 2046, section 5.1) as it arrives, however it is cut into pieces. */
export class MultipartSplitter {
  readonly #delimiter: Buffer;
  readonly #maxHeaderBytes: number;
  readonly #sink: PartSink;
  /** What has come and is not taken yet. The first boundary may be the first line: as if one had ended before it. */
  #waiting: Buffer = lineBreak;
  #content: ((piece: Buffer) => void) | null = () => {};
  /** Bytes at the beginning of the content that are none of it. */
  #unwanted = 0;
  #state: 'content' | 'header' | 'end' = 'content';

  constructor(boundary: string, maxHeaderBytes: number, sink: PartSink) {
    this.#delimiter = Buffer.from(`\r\n--${boundary}`);
    this.#maxHeaderBytes = maxHeaderBytes;
    this.#sink = sink;
  }

  /** Whether the boundary that ends the body has come. */
  get hasEnded(): boolean {
    return this.#state === 'end';
  }

  /** @returns why nothing further can be taken; `null` where it can */
  push(piece: Uint8Array): SplitFault | null {
    if (this.#state === 'end') return null;
    this.#waiting = Buffer.concat([this.#waiting, piece]);
    for (;;) {
      const step = this.#state === 'header' ? this.#takeHeader() : this.#takeContent();
      if (step !== 'again') return step === 'wait' ? null : step;
    }
  }

  #takeHeader(): SplitFault | 'again' | 'wait' {
    const isEmpty = this.#waiting.subarray(0, 2).equals(lineBreak);
    const end = isEmpty ? 0 : this.#waiting.indexOf(headerEnd);
    if ((end === -1 ? this.#waiting.length : end) > this.#maxHeaderBytes) return 'header-too-large';
    if (end === -1) return 'wait';
    this.#content = this.#sink.begin(this.#waiting.subarray(0, end));
    if (this.#content === null) return 'refused';
    // The line break of the empty line may be that of the next boundary, too: it is kept until that is known.
    this.#waiting = this.#waiting.subarray(isEmpty ? 0 : end + lineBreak.length);
    this.#unwanted = lineBreak.length;
    this.#state = 'content';
    return 'again';
  }

  #takeContent(): 'again' | 'wait' {
    const { at, line } = this.#nextBoundary();
    // A boundary may have begun at the end of what has come.
    if (at === -1) return this.#give(Math.max(0, this.#waiting.length - this.#delimiter.length + 1), 'wait');
    this.#give(at, null);
    if (line === 'cut') return 'wait';
    if (line === 'last') {
      this.#state = 'end';
      return 'wait';
    }
    const end = afterBlanks(this.#waiting, this.#delimiter.length, longestPadding);
    this.#waiting = this.#waiting.subarray(end + lineBreak.length);
    this.#state = 'header';
    return 'again';
  }

  /** What only begins like the boundary is content. */
  #nextBoundary(): { readonly at: number; readonly line: BoundaryLine } {
    let line: BoundaryLine;
    let at = -1;
    do {
      at = this.#waiting.indexOf(this.#delimiter, at + 1);
      line = at === -1 ? 'none' : boundaryLine(this.#waiting, at + this.#delimiter.length);
    } while (at !== -1 && line === 'none');
    return { at, line };
  }

  /** Hands over so many bytes of content. */
  #give<Next>(count: number, next: Next): Next {
    const unwanted = Math.min(this.#unwanted, count);
    if (count > unwanted) this.#content?.(this.#waiting.subarray(unwanted, count));
    this.#unwanted -= unwanted;
    this.#waiting = this.#waiting.subarray(count);
    return next;
  }
}

/** `cut`: there is too little of it to tell. */
type BoundaryLine = 'next' | 'last' | 'cut' | 'none';

const dash = 0x2d;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * By single bytes: a body may have a million places that only begin like a boundary.
 * @param at where what follows the boundary's own text stands in `bytes`
 */
function boundaryLine(bytes: Buffer, at: number): BoundaryLine {
  if (bytes[at] === dash) return at + 1 === bytes.length ? 'cut' : bytes[at + 1] === dash ? 'last' : 'none';
  const end = afterBlanks(bytes, at, longestPadding + 1);
  if (end - at > longestPadding) return 'none';
  if (end === bytes.length) return 'cut';
  if (bytes[end] !== carriageReturn) return 'none';
  return end + 1 === bytes.length ? 'cut' : bytes[end + 1] === lineFeed ? 'next' : 'none';
}

/** Where the first byte stands that is no blank, at most `longest` further. */
function afterBlanks(bytes: Buffer, from: number, longest: number): number {
  let at = from;
  while (at - from < longest && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at;
}
