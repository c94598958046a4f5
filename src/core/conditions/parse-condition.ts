import type { JsonValue } from '../json/json-value.ts';
import {
  type Comparison,
  type ComparisonOperator,
  type Condition,
  comparisonOperators,
  maxConditionCharacters,
  maxConditionDepth,
} from './condition.ts';
import { ConditionSyntaxError, type Token, tokenizeCondition } from './tokenize-condition.ts';

export type ParsedCondition =
  | { readonly outcome: 'parsed'; readonly condition: Condition }
  /** One sentence without its full stop, and its position in the text (characters from 1). */
  | { readonly outcome: 'problem'; readonly message: string; readonly position: number };

/**
 * Parses a condition: comparisons (they chain, as in Python), `and`, `or`, `not`, `in`, parentheses, literals, lists,
 * and paths that start with one of `roots`. It has no calls, no assignment and no arithmetic. Never throws. Why we have
 * our own parser: docs/decisions/2026-11-22-conditions-have-their-own-reader.md.
 *
 * @param roots names of the values that the condition can read
 */
export function parseCondition(text: string, roots: readonly string[]): ParsedCondition {
  if (text.length > maxConditionCharacters) {
    const message = `a condition has at most ${maxConditionCharacters} characters, this one has ${text.length}`;
    return { outcome: 'problem', message, position: maxConditionCharacters + 1 };
  }
  try {
    return {
      outcome: 'parsed',
      condition: new ConditionReader(new TokenCursor(tokenizeCondition(text)), roots).read(),
    };
  } catch (thrown) {
    if (!(thrown instanceof ConditionSyntaxError)) throw thrown;
    return { outcome: 'problem', message: thrown.message, position: thrown.offset + 1 };
  }
}

const literals: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ['True', true],
  ['true', true],
  ['False', false],
  ['false', false],
  ['None', null],
  ['null', null],
]);

const keywords = new Set(['and', 'or', 'not', 'in', ...literals.keys()]);

/** Recursive descent, one method per rule; loosest binding first: `or`, `and`, `not`, comparison, operand. */
class ConditionReader {
  readonly #words: TokenCursor;
  readonly #roots: readonly string[];
  #depth = 0;

  constructor(words: TokenCursor, roots: readonly string[]) {
    this.#words = words;
    this.#roots = roots;
  }

  read(): Condition {
    const condition = this.#anyOf();
    if (this.#words.current.kind !== 'end')
      throw this.#words.unexpected('the end of the condition, "and" or "or"');
    return condition;
  }

  #anyOf(): Condition {
    const first = this.#allOf();
    const operands = [first];
    while (this.#words.take('or')) operands.push(this.#allOf());
    return operands.length === 1 ? first : { kind: 'or', operands };
  }

  #allOf(): Condition {
    const first = this.#negation();
    const operands = [first];
    while (this.#words.take('and')) operands.push(this.#negation());
    return operands.length === 1 ? first : { kind: 'and', operands };
  }

  #negation(): Condition {
    if (!this.#words.take('not')) return this.#comparison();
    return { kind: 'not', operand: this.#deeper(() => this.#negation()) };
  }

  #comparison(): Condition {
    const first = this.#operand();
    const rest: Comparison[] = [];
    for (let operator = this.#operator(); operator !== null; operator = this.#operator()) {
      rest.push({ operator, operand: this.#operand() });
    }
    return rest.length === 0 ? first : { kind: 'comparison', first, rest };
  }

  #operator(): ComparisonOperator | null {
    if (this.#words.take('not')) {
      if (!this.#words.take('in')) throw this.#words.unexpected('"in" after "not"');
      return 'not in';
    }
    return comparisonOperators.find((operator) => this.#words.take(operator)) ?? null;
  }

  #operand(): Condition {
    const token = this.#words.current;
    if (token.kind === 'number' || token.kind === 'string') {
      this.#words.advance();
      return { kind: 'literal', value: token.value };
    }
    if (token.kind === 'name' && !['and', 'or', 'not', 'in'].includes(token.text))
      return this.#named(token.text);
    if (this.#words.take('-')) return { kind: 'literal', value: 0 - this.#number() };
    if (this.#words.take('(')) return this.#deeper(() => this.#parenthesized());
    if (this.#words.take('[')) return this.#deeper(() => this.#list());
    throw this.#words.unexpected('a value');
  }

  #number(): number {
    const token = this.#words.current;
    if (token.kind !== 'number') throw this.#words.unexpected('a number after "-"');
    this.#words.advance();
    return token.value;
  }

  #parenthesized(): Condition {
    const inner = this.#anyOf();
    this.#words.expect(')');
    return inner;
  }

  #list(): Condition {
    const items: Condition[] = [];
    while (!this.#words.take(']')) {
      items.push(this.#anyOf());
      if (!this.#words.take(',') && !this.#words.isAt(']')) throw this.#words.unexpected('"," or "]"');
    }
    return { kind: 'list', items };
  }

  #named(name: string): Condition {
    const literal = literals.get(name);
    const isRoot = this.#roots.includes(name);
    if (literal === undefined && !isRoot) {
      throw new ConditionSyntaxError(
        `"${name}" is unknown: a name starts with ${oneOf(this.#roots)}, and texts stand in quotes`,
        this.#words.current.offset,
      );
    }
    this.#words.advance();
    return isRoot ? this.#path(name) : { kind: 'literal', value: literal ?? null };
  }

  #path(root: string): Condition {
    const keys: (string | number)[] = [];
    for (;;) {
      if (this.#words.take('.')) keys.push(this.#fieldName());
      else if (this.#words.take('[')) keys.push(this.#bracketKey());
      else break;
    }
    if (this.#words.isAt('('))
      throw new ConditionSyntaxError('a condition cannot call functions', this.#words.current.offset);
    return { kind: 'path', root, keys };
  }

  #fieldName(): string {
    const token = this.#words.current;
    if (token.kind !== 'name' || keywords.has(token.text))
      throw this.#words.unexpected('a field name after "."');
    this.#words.advance();
    return token.text;
  }

  #bracketKey(): string | number {
    const token = this.#words.current;
    if (token.kind !== 'string' && token.kind !== 'number')
      throw this.#words.unexpected('a text or a number after "["');
    this.#words.advance();
    this.#words.expect(']');
    return token.value;
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > maxConditionDepth) {
      throw new ConditionSyntaxError(
        `it is nested more than ${maxConditionDepth} deep`,
        this.#words.current.offset,
      );
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }
}

/** `"input.", "context." or "connector."` */
function oneOf(roots: readonly string[]): string {
  const quoted = roots.map((root) => `"${root}."`);
  return [quoted.slice(0, -1).join(', '), ...quoted.slice(-1)].filter((part) => part !== '').join(' or ');
}

/** Steps through the tokens of a condition. */
class TokenCursor {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The next token; after the last one, the end token. */
  get current(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', offset: 0 };
  }

  advance(): void {
    this.#next += 1;
  }

  /** Whether the next token is this name or symbol. */
  isAt(text: string): boolean {
    const token = this.current;
    return (token.kind === 'name' || token.kind === 'symbol') && token.text === text;
  }

  /** Consumes the next token if it is this name or symbol. */
  take(text: string): boolean {
    const taken = this.isAt(text);
    if (taken) this.advance();
    return taken;
  }

  /** @throws ConditionSyntaxError if the next token is another one */
  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(`"${text}"`);
  }

  /** The error for an unexpected next token. */
  unexpected(expected: string): ConditionSyntaxError {
    const token = this.current;
    return new ConditionSyntaxError(`expected ${expected}, found ${describe(token)}`, token.offset);
  }
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return token.kind === 'number' || token.kind === 'string' ? JSON.stringify(token.value) : `"${token.text}"`;
}
