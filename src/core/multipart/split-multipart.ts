/** One part between two boundaries. Its buffers are views of the body, not copies. */
export interface RawPart {
  readonly header: Buffer;
  readonly content: Buffer;
}

/** How the body ends: at its last boundary, before it, or at a header that is too large. */
export type SplitEnd = 'complete' | 'incomplete' | 'header-too-large';

const lineBreak = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');
/** Blanks allowed after a boundary (RFC 2046, section 5.1.1). */
const longestPadding = 64;

/** Splits a multipart body (RFC 2046, section 5.1). */
export function* splitMultipart(
  body: Buffer,
  boundary: string,
  maxHeaderBytes: number,
): Generator<RawPart, SplitEnd> {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  let at = firstBoundary(body, delimiter);
  for (;;) {
    if (at.line !== 'next') return at.line === 'last' ? 'complete' : 'incomplete';
    const headerAt = at.end;
    const isEmpty = body.subarray(headerAt, headerAt + lineBreak.length).equals(lineBreak);
    const end = isEmpty ? headerAt : body.indexOf(headerEnd, headerAt);
    if ((end === -1 ? body.length : end) - headerAt > maxHeaderBytes) return 'header-too-large';
    if (end === -1) return 'incomplete';
    // The line break of the empty line may also belong to the next boundary.
    const lineAt = isEmpty ? end : end + lineBreak.length;
    at = nextBoundary(body, delimiter, lineAt);
    if (at.line === 'none') return 'incomplete';
    const contentAt = Math.min(lineAt + lineBreak.length, at.start);
    yield { header: body.subarray(headerAt, end), content: body.subarray(contentAt, at.start) };
  }
}

/** Offsets of a boundary: `start` is before the line break that precedes it, `end` after its line. */
interface Boundary {
  readonly line: BoundaryLine;
  readonly start: number;
  readonly end: number;
}

/** The first boundary may begin the body, without a line break before it. */
function firstBoundary(body: Buffer, delimiter: Buffer): Boundary {
  const dashes = delimiter.subarray(lineBreak.length);
  if (body.subarray(0, dashes.length).equals(dashes)) {
    const first = boundaryLine(body, dashes.length);
    if (first.line !== 'none') return { ...first, start: 0 };
  }
  return nextBoundary(body, delimiter, 0);
}

/** Text that only begins like a boundary is content. */
function nextBoundary(body: Buffer, delimiter: Buffer, from: number): Boundary {
  for (let start = body.indexOf(delimiter, from); start !== -1; start = body.indexOf(delimiter, start + 1)) {
    const found = boundaryLine(body, start + delimiter.length);
    if (found.line !== 'none') return { ...found, start };
  }
  return { line: 'none', start: body.length, end: body.length };
}

/** `cut`: the body ends within the line. */
type BoundaryLine = 'next' | 'last' | 'cut' | 'none';

const dash = 0x2d;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;

/**
 * Checks single bytes: a body may have a million places that only begin like a boundary.
 * @param at offset after the boundary's own text
 */
function boundaryLine(body: Buffer, at: number): { readonly line: BoundaryLine; readonly end: number } {
  if (body[at] === dash) {
    if (at + 1 === body.length) return cut;
    return body[at + 1] === dash ? { line: 'last', end: at + 2 } : none;
  }
  const end = afterBlanks(body, at, longestPadding + 1);
  if (end - at > longestPadding) return none;
  if (end === body.length) return cut;
  if (body[end] !== carriageReturn) return none;
  if (end + 1 === body.length) return cut;
  return body[end + 1] === lineFeed ? { line: 'next', end: end + lineBreak.length } : none;
}

const none = { line: 'none', end: 0 } as const;
const cut = { line: 'cut', end: 0 } as const;

/** Offset of the first byte that is not a blank, at most `longest` bytes on. */
function afterBlanks(body: Buffer, from: number, longest: number): number {
  let at = from;
  while (at - from < longest && (body[at] === 0x20 || body[at] === 0x09)) at++;
  return at;
}
