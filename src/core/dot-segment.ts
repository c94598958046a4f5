/**
 * Whether a URL loses the text as a part of its path, and becomes another address (WHATWG URL, "path state"):
 * `encodeURIComponent` keeps it as it is.
 */
export function isDotSegment(text: string): boolean {
  return text === '.' || text === '..';
}
