import type { InterruptionRole } from './runs/interruption.ts';

/** The store, a queue or another part of the platform is away or over capacity: the caller may try again. */
export class RetryableError extends Error {
  override readonly name: string = 'RetryableError';
  readonly retryAfterSeconds: number;

  constructor(message: string, options: ErrorOptions & { retryAfterSeconds?: number } = {}) {
    super(message, options);
    this.retryAfterSeconds = options.retryAfterSeconds ?? 1;
  }
}

/** What executed a run broke under it, or was ended: the run is put back. */
export class InterruptedRun extends RetryableError {
  override readonly name = 'InterruptedRun';
  /** What the run had to do with it. */
  readonly role: InterruptionRole;

  constructor(role: InterruptionRole, reason: string) {
    super(reason);
    this.role = role;
  }
}

/** Nothing changes by trying again: the request, the configuration or the installation has to change first. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  /** kebab-case, stable. */
  readonly code: string;

  constructor(code: string, message: string, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
  }
}

/** A person's sentence for anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return String(thrown);
}

/** What the system calls its own failure (`ENOENT`, `EADDRINUSE`); `undefined` where it was no failure of the system. */
export function systemErrorCode(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
