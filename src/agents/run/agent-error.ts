/** Why an agent failed; ends its run as `failed` with this code and message. */
export class AgentError extends Error {
  override readonly name = 'AgentError';
  /** Stable, in kebab-case; listed in docs/models.md. */
  readonly code: string;
  /** Whether the same attempt may succeed later: the agent's `retry_options` apply. */
  readonly retryable: boolean;
  /** How long the provider asks to wait before another attempt. */
  readonly retryAfterMs: number;

  constructor(
    code: string,
    message: string,
    options: ErrorOptions & { retryable?: boolean; retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

/** The run was cancelled; thrown at the agent's next await. */
export class RunCancelled extends Error {
  override readonly name = 'RunCancelled';

  constructor() {
    super('The run was cancelled.');
  }
}

/** A budget is used up: the run goes back to the queue, and is executed again once the budget has room. */
export class RunHeld extends Error {
  override readonly name = 'RunHeld';

  constructor() {
    super('The run waits until a budget has room for it.');
  }
}

/** Code of the project ended the run with its own response. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly response: string;
  /** Whether the response is delivered. */
  readonly publishes: boolean;

  constructor(response: string, publishes: boolean) {
    super('The code of the agent ended the run.');
    this.response = response;
    this.publishes = publishes;
  }
}

/** Whether `thrown` ends the whole run, so that no retry and no fallback may follow. */
export function endsRun(thrown: unknown): boolean {
  if ([RunCancelled, RunHeld, RunStopped].some((End) => thrown instanceof End)) return true;
  return thrown instanceof AgentError && (thrown.code === 'timeout' || thrown.code === 'budget-exceeded');
}
