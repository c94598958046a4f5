const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A time of the API (ISO 8601) in local time: `2026-11-22 13:04:05`; `-` for `null`. */
export function localTime(iso: string | null): string {
  if (iso === null) return '-';
  const date = new Date(iso);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * minuteMs);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}

/** Like `localTime`, with the distance from now: `2026-11-22 13:04:05 (3 min ago)`. */
export function timeText(iso: string | null, now = Date.now()): string {
  if (iso === null) return '-';
  const distanceMs = Date.parse(iso) - now;
  if (Math.abs(distanceMs) < secondMs) return `${localTime(iso)} (now)`;
  const distance = roughly(Math.abs(distanceMs));
  return `${localTime(iso)} (${distanceMs > 0 ? `in ${distance}` : `${distance} ago`})`;
}

/** A duration in its largest unit. */
function roughly(durationMs: number): string {
  if (durationMs < minuteMs) return `${Math.floor(durationMs / secondMs)} s`;
  if (durationMs < hourMs) return `${Math.floor(durationMs / minuteMs)} min`;
  if (durationMs < 2 * dayMs) return `${Math.floor(durationMs / hourMs)} h`;
  return `${Math.floor(durationMs / dayMs)} d`;
}

/** The time between two ISO 8601 moments: `340 ms`, `1.2 s`, `3 min 5 s`; `-` if one of them is missing. */
export function elapsed(from: string | null, to: string | null): string {
  if (from === null || to === null) return '-';
  return durationText(Date.parse(to) - Date.parse(from));
}

/** A duration in ms, formatted for people. */
export function durationText(durationMs: number): string {
  if (durationMs < secondMs) return `${Math.round(durationMs)} ms`;
  if (durationMs < minuteMs) return `${(durationMs / secondMs).toFixed(1)} s`;
  if (durationMs < hourMs) return twoUnits(durationMs, minuteMs, 'min', secondMs, 's');
  return twoUnits(durationMs, hourMs, 'h', minuteMs, 'min');
}

function twoUnits(durationMs: number, large: number, largeName: string, small: number, smallName: string) {
  const rest = Math.floor((durationMs % large) / small);
  return `${Math.floor(durationMs / large)} ${largeName}${rest === 0 ? '' : ` ${rest} ${smallName}`}`;
}
