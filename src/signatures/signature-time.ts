/** How a sender writes the time of a signature; `iso` is ISO 8601. */
export type TimeUnit = 'seconds' | 'milliseconds' | 'iso';

/** Formats Unix ms as a sender writes them. */
export function writeTime(now: number, unit: TimeUnit = 'seconds'): string {
  if (unit === 'iso') return new Date(now).toISOString();
  return String(unit === 'seconds' ? Math.floor(now / 1_000) : now);
}

/**
 * Whether a signature's time is close enough to `now`.
 *
 * @param text the time as the sender wrote it; digits only for Unix times
 * @param now Unix ms
 */
export function isTimely(
  text: string,
  now: number,
  toleranceSeconds: number,
  unit: TimeUnit = 'seconds',
): boolean {
  const time = readTime(text, unit);
  return time !== null && Math.abs(time - now) <= toleranceSeconds * 1_000;
}

/** Unix ms; `null` if the text is not a time. */
function readTime(text: string, unit: TimeUnit): number | null {
  if (unit !== 'iso') {
    if (!/^\d{1,15}$/.test(text)) return null;
    return unit === 'seconds' ? Number(text) * 1_000 : Number(text);
  }
  const time = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}
