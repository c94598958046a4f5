import type { HttpAnswer, HttpHeaders } from './http-answer.ts';

/** A streamed answer. The status is still open until its first piece is written. */
export interface AnswerStream {
  readonly headers: HttpHeaders;
  /** Keeps the connection from looking idle, and the caller waiting. */
  heartbeat(): string;
  /** A run was started. */
  started(runId: string): string;
  /** Text of the first run's answer, as its model writes it. */
  text(runId: string, text: string): string;
  /** The last piece. @param answer what a caller gets without streaming */
  ended(answer: HttpAnswer): string;
}
