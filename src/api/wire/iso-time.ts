/** A time (Unix ms) in wire format: ISO 8601 in UTC. */
export function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** Like `toIso`, for a time that may not be set. */
export function toIsoOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : toIso(timeMs);
}

/** Unix ms of a valid ISO 8601 time; `undefined` stays `undefined`. */
export function fromIso(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
