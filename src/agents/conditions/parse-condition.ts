import type { JsonValue } from '../../core/json-value.ts';
import {
  type Comparison,
  type ComparisonOperator,
  type Condition,
  comparisonOperators,
  maxConditionCharacters,
  maxConditionDepth,
  type PathRoot,
  pathRoots,
} from './condition.ts';
import { ConditionSyntaxError, type Token, tokenizeCondition } from './tokenize-condition.ts';

export type ParsedCondition =
  | { readonly outcome: 'parsed'; readonly condition: Condition }
  /** One sentence without its full stop, and where in the text (characters from 1). */
  | { readonly outcome: 'problem'; readonly message: string; readonly position: number };

/**
 * Reads a condition: comparisons (they chain, as in Python), `and`, `or`, `not`, `in`, parentheses, literals, lists, and
 * paths that start with `context` or `input`. It has no calls, no assignment and no arithmetic. Never throws.
 * The language is agents.md's; why the reader is our own: docs/decisions/2026-11-22-conditions-have-their-own-reader.md.
 */
export function parseCondition(text: string): ParsedCondition {
  if (text.length > maxConditionCharacters) {
    const message = `a condition has at most ${maxConditionCharacters} characters, this one has ${text.length}`;
    return { outcome: 'problem', message, position: maxConditionCharacters + 1 };
  }
  try {
    return { outcome: 'parsed', condition: new ConditionReader(tokenizeCondition(text)).read() };
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

/** Recursive descent, one method a rule; loosest binding first: `or`, `and`, `not`, comparison, operand. */
class ConditionReader {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  read(): Condition {
    const condition = this.#anyOf();
    if (this.#token.kind !== 'end') throw this.#unexpected('the end of the condition, "and" or "or"');
    return condition;
  }

  #anyOf(): Condition {
    const first = this.#allOf();
    const operands = [first];
    while (this.#take('or')) operands.push(this.#allOf());
    return operands.length === 1 ? first : { kind: 'or', operands };
  }

  #allOf(): Condition {
    const first = this.#negation();
    const operands = [first];
    while (this.#take('and')) operands.push(this.#negation());
    return operands.length === 1 ? first : { kind: 'and', operands };
  }

  #negation(): Condition {
    if (!this.#take('not')) return this.#comparison();
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
    if (this.#take('not')) {
      if (!this.#take('in')) throw this.#unexpected('"in" after "not"');
      return 'not in';
    }
    return comparisonOperators.find((operator) => this.#take(operator)) ?? null;
  }

  #operand(): Condition {
    const token = this.#token;
    if (token.kind === 'number' || token.kind === 'string') {
      this.#next += 1;
      return { kind: 'literal', value: token.value };
    }
    if (token.kind === 'name' && !['and', 'or', 'not', 'in'].includes(token.text))
      return this.#named(token.text);
    if (this.#take('-')) return { kind: 'literal', value: 0 - this.#number() };
    if (this.#take('(')) return this.#deeper(() => this.#parenthesized());
    if (this.#take('[')) return this.#deeper(() => this.#list());
    throw this.#unexpected('a value');
  }

  #number(): number {
    const token = this.#token;
    if (token.kind !== 'number') throw this.#unexpected('a number after "-"');
    this.#next += 1;
    return token.value;
  }

  #parenthesized(): Condition {
    const inner = this.#anyOf();
    this.#expect(')');
    return inner;
  }

  #list(): Condition {
    const items: Condition[] = [];
    while (!this.#take(']')) {
      items.push(this.#anyOf());
      if (!this.#take(',') && !this.#is(']')) throw this.#unexpected('"," or "]"');
    }
    return { kind: 'list', items };
  }

  #named(name: string): Condition {
    const literal = literals.get(name);
    const root = pathRoots.find((known) => known === name);
    if (literal === undefined && root === undefined) {
      throw new ConditionSyntaxError(
        `"${name}" is unknown: a name starts with "context." or "input.", and texts stand in quotes`,
        this.#token.offset,
      );
    }
    this.#next += 1;
    return root === undefined ? { kind: 'literal', value: literal ?? null } : this.#path(root);
  }

  #path(root: PathRoot): Condition {
    const keys: (string | number)[] = [];
    for (;;) {
      if (this.#take('.')) keys.push(this.#fieldName());
      else if (this.#take('[')) keys.push(this.#bracketKey());
      else break;
    }
    if (this.#is('('))
      throw new ConditionSyntaxError('a condition cannot call functions', this.#token.offset);
    return { kind: 'path', root, keys };
  }

  #fieldName(): string {
    const token = this.#token;
    if (token.kind !== 'name' || keywords.has(token.text)) throw this.#unexpected('a field name after "."');
    this.#next += 1;
    return token.text;
  }

  #bracketKey(): string | number {
    const token = this.#token;
    if (token.kind !== 'string' && token.kind !== 'number')
      throw this.#unexpected('a text or a number after "["');
    this.#next += 1;
    this.#expect(']');
    return token.value;
  }

  #deeper<Result>(read: () => Result): Result {
    this.#depth += 1;
    if (this.#depth > maxConditionDepth) {
      throw new ConditionSyntaxError(`it is nested more than ${maxConditionDepth} deep`, this.#token.offset);
    }
    const result = read();
    this.#depth -= 1;
    return result;
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', offset: 0 };
  }

  #is(text: string): boolean {
    const token = this.#token;
    return (token.kind === 'name' || token.kind === 'symbol') && token.text === text;
  }

  #take(text: string): boolean {
    const taken = this.#is(text);
    if (taken) this.#next += 1;
    return taken;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw this.#unexpected(`"${text}"`);
  }

  #unexpected(expected: string): ConditionSyntaxError {
    const token = this.#token;
    return new ConditionSyntaxError(`expected ${expected}, found ${describe(token)}`, token.offset);
  }
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return token.kind === 'number' || token.kind === 'string' ? JSON.stringify(token.value) : `"${token.text}"`;
}
