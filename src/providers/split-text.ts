/** Where to cut a text, best first: between paragraphs, lines, sentences, words. */
const seams = ['\n\n', '\n', '. ', ' '];

/** Minimum length of a piece that ends at a seam, as a fraction of the longest piece. */
const shortestPart = 0.5;

/**
 * Cuts a text into pieces of at most `longest` UTF-16 code units, between paragraphs, lines, sentences or words where
 * possible, and never within a character. Line breaks at a cut are left out.
 */
export function splitText(text: string, longest: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  while (rest.length > longest) {
    const end = cutOf(rest, longest);
    pieces.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).replace(/^(?:[ \t]*\n)+|^ /, '');
  }
  return [...pieces, rest].filter((piece) => piece.trim() !== '');
}

function cutOf(text: string, longest: number): number {
  for (const seam of seams) {
    const found = text.lastIndexOf(seam, longest - seam.trimEnd().length);
    if (found >= longest * shortestPart) return found + seam.trimEnd().length;
  }
  return isHighSurrogate(text.charCodeAt(longest - 1)) ? longest - 1 : longest;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
