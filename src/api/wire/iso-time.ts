/** A time (Unix ms) as the wire has it: ISO 8601 in UTC. */
export function toIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

/** As `toIso`, for a time that may not have come yet. */
export function toIsoOrNull(timeMs: number | null): string | null {
  return timeMs === null ? null : toIso(timeMs);
}

/** Unix ms of a valid ISO 8601 time of the wire; nothing for nothing. */
export function fromIso(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
