/** Exit codes of the process, for scripts. Documented in docs/cli.md. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, changes: 2, notFound: 3, unreachable: 4 } as const;

type FailureKind = Exclude<keyof typeof exitCodes, 'ok' | 'changes'>;

/** Ends a command with a sentence that says what to do, and an exit code for scripts. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly kind: FailureKind;
  readonly exitCode: number;

  constructor(kind: FailureKind, sentence: string, options: ErrorOptions = {}) {
    super(sentence, options);
    this.kind = kind;
    this.exitCode = exitCodes[kind];
  }
}
