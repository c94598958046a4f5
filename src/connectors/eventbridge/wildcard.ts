/**
 * Builds a test for a wildcard pattern whose time grows only with the text.
 *
 * @param pattern in which `*` stands for any characters, and `\*` and `\\` for themselves
 */
export function wildcardTest(pattern: string): (text: string) => boolean {
  const [first = '', ...others] = literals(pattern);
  const last = others.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const literal of others) {
      const found = text.indexOf(literal, at);
      if (found === -1) return false;
      at = found + literal.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

/** The text between the wildcards. */
function literals(pattern: string): string[] {
  const parts = [''];
  for (const [token] of pattern.matchAll(/\\[*\\]|[\s\S]/g)) {
    if (token === '*') parts.push('');
    else parts.push(`${parts.pop()}${token.length === 2 ? token.slice(1) : token}`);
  }
  return parts;
}
