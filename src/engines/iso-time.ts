/** ISO 8601 of Unix ms, as the wire has it. */
export function isoTime(timeMs: number | null): string | null {
  return timeMs === null ? null : new Date(timeMs).toISOString();
}
