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
    this.#waiting = this.#waiting.subarray(this.#delimiter.length);
    this.#waiting = this.#waiting.subarray(blanksAt(this.#waiting) + lineBreak.length);
    this.#state = 'header';
    return 'again';
  }

  /** What only begins like the boundary is content. */
  #nextBoundary(): { readonly at: number; readonly line: BoundaryLine } {
    let line: BoundaryLine;
    let at = -1;
    do {
      at = this.#waiting.indexOf(this.#delimiter, at + 1);
      line = at === -1 ? 'none' : boundaryLine(this.#waiting.subarray(at + this.#delimiter.length));
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

const dashes = Buffer.from('--');

/** @param line what follows the boundary's own text */
function boundaryLine(line: Buffer): BoundaryLine {
  if (line.subarray(0, 2).equals(dashes)) return 'last';
  const padding = blanksAt(line);
  const end = line.subarray(padding, padding + 2);
  if (end.equals(lineBreak) && padding <= longestPadding) return 'next';
  const mayGoOn = padding <= longestPadding && '\r\n'.startsWith(end.toString('latin1'));
  return mayGoOn || (line.length === 1 && line[0] === dashes[0]) ? 'cut' : 'none';
}

function blanksAt(line: Buffer): number {
  let count = 0;
  while (line[count] === 0x20 || line[count] === 0x09) count++;
  return count;
}
