/** One token of a condition, and where it starts (offset from 0). */
export type Token = { readonly offset: number } & (
  | { readonly kind: 'name'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'symbol'; readonly text: string }
  | { readonly kind: 'end' }
);

/** A condition that cannot be parsed; caught only by `parseCondition`. */
export class ConditionSyntaxError extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

const space = /\s*/y;
const name = /[A-Za-z_]\w*/y;
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const string = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
const symbol = /==|!=|<=|>=|[<>()[\],.-]/y;

/**
 * Splits a condition into tokens.
 *
 * @throws ConditionSyntaxError at a character that starts no token
 */
export function tokenizeCondition(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = skip(text, 0);
  while (offset < text.length) {
    const [token, length] = readToken(text, offset);
    tokens.push(token);
    offset = skip(text, offset + length);
  }
  tokens.push({ kind: 'end', offset });
  return tokens;
}

function readToken(text: string, offset: number): [Token, number] {
  const word = matchAt(name, text, offset);
  if (word !== null) return [{ kind: 'name', text: word, offset }, word.length];
  const digits = matchAt(number, text, offset);
  if (digits !== null) return [{ kind: 'number', value: Number(digits), offset }, digits.length];
  const quoted = matchAt(string, text, offset);
  if (quoted !== null) return [{ kind: 'string', value: unquote(quoted), offset }, quoted.length];
  const sign = matchAt(symbol, text, offset);
  if (sign !== null) return [{ kind: 'symbol', text: sign, offset }, sign.length];
  throw new ConditionSyntaxError(complaintAbout(text, offset), offset);
}

function complaintAbout(text: string, offset: number): string {
  const rest = text.slice(offset);
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  if (character === '"' || character === "'") return 'a text has no closing quote';
  if (rest.startsWith('=')) return '"=" assigns, which a condition cannot do; compare with "=="';
  if (rest.startsWith('&&')) return 'write "and" in place of "&&"';
  if (rest.startsWith('||')) return 'write "or" in place of "||"';
  if (rest.startsWith('!')) return 'write "not" in place of "!"';
  return `"${character}" is not part of the language`;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (_, character: string) => escapes[character] ?? character);
}

function skip(text: string, offset: number): number {
  return offset + (matchAt(space, text, offset)?.length ?? 0);
}

function matchAt(pattern: RegExp, text: string, offset: number): string | null {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0] ?? null;
}
