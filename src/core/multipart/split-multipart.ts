/** One part between two boundaries. Its bytes are those of the body, not copies. */
export interface RawPart {
  readonly header: Buffer;
  readonly content: Buffer;
}

/** How the body ends: with its last boundary, before that, or at a header that is too large. */
export type SplitEnd = 'complete' | 'incomplete' | 'header-too-large';

const lineBreak = Buffer.from('\r\n');
const headerEnd = Buffer.from('\r\n\r\n');
/** Blanks that may stand behind a boundary (RFC 2046, section 5.1.1). */
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
    // The line break of the empty line may be that of the next boundary, too.
    const lineAt = isEmpty ? end : end + lineBreak.length;
    at = nextBoundary(body, delimiter, lineAt);
    if (at.line === 'none') return 'incomplete';
    const contentAt = Math.min(lineAt + lineBreak.length, at.start);
    yield { header: body.subarray(headerAt, end), content: body.subarray(contentAt, at.start) };
  }
}

/** Where a boundary stands, its line break before it included, and where what follows its line begins. */
interface Boundary {
  readonly line: BoundaryLine;
  readonly start: number;
  readonly end: number;
}

/** The first boundary may be the first line: as if a line had ended before it. */
function firstBoundary(body: Buffer, delimiter: Buffer): Boundary {
  const dashes = delimiter.subarray(lineBreak.length);
  if (body.subarray(0, dashes.length).equals(dashes)) {
    const first = boundaryLine(body, dashes.length);
    if (first.line !== 'none') return { ...first, start: 0 };
  }
  return nextBoundary(body, delimiter, 0);
}

/** What only begins like a boundary is content. */
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
 * By single bytes: a body may have a million places that only begin like a boundary.
 * @param at where what follows the boundary's own text stands
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

/** Where the first byte stands that is no blank, at most `longest` further. */
function afterBlanks(body: Buffer, from: number, longest: number): number {
  let at = from;
  while (at - from < longest && (body[at] === 0x20 || body[at] === 0x09)) at++;
  return at;
}
