import { ConditionSyntaxError, type Token } from './tokenize-condition.ts';

/** Steps through the tokens of a condition. */
export class TokenCursor {
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
