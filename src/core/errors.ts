import type { InterruptionRole } from './runs/run.ts';

/** The store, a queue or another part of the platform is unavailable or over capacity: the caller may try again. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  readonly retryAfterSeconds: number;

  constructor(message: string, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}

/** The executor of a run crashed or was stopped: the run goes back to the queue. */
export class InterruptedRun extends RetryableError {
  override readonly name = 'InterruptedRun';
  /** The run's part in the interruption. */
  readonly role: InterruptionRole;

  constructor(role: InterruptionRole, reason: string) {
    super(reason);
    this.role = role;
  }
}

/** Retrying cannot succeed: the request, the configuration or the installation must change first. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  /** kebab-case, stable. */
  readonly code: string;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** The message of any thrown value, for people. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return String(thrown);
}

/** The code of a system error (`ENOENT`, `EADDRINUSE`); `undefined` if there is none. */
export function systemErrorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
