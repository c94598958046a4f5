import { ConditionSyntaxError, type Token } from './tokenize-condition.ts';

/** Goes through the words of a condition, one after the other. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** The word that is read next; the last one is the end. */
  get current(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', offset: 0 };
  }

  advance(): void {
    this.#next += 1;
  }

  /** Whether this name or symbol comes next. */
  isAt(text: string): boolean {
    const token = this.current;
    return (token.kind === 'name' || token.kind === 'symbol') && token.text === text;
  }

  /** Passes this name or symbol where it comes next. */
  take(text: string): boolean {
    const taken = this.isAt(text);
    if (taken) this.advance();
    return taken;
  }

  /** @throws ConditionSyntaxError where something else comes next */
  expect(text: string): void {
    if (!this.take(text)) throw this.unexpected(`"${text}"`);
  }

  /** The error that says what was expected in place of the next word. */
  unexpected(expected: string): ConditionSyntaxError {
    const token = this.current;
    return new ConditionSyntaxError(`expected ${expected}, found ${describe(token)}`, token.offset);
  }
}

function describe(token: Token): string {
  if (token.kind === 'end') return 'the end';
  return token.kind === 'number' || token.kind === 'string' ? JSON.stringify(token.value) : `"${token.text}"`;
}
