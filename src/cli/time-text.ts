const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** A time of the API (ISO 8601) in the person's own zone: `2026-11-22 13:04:05`; `-` where there is none. */
export function localTime(iso: string | null): string {
  if (iso === null) return '-';
  const date = new Date(iso);
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * minuteMs);
  return shifted.toISOString().slice(0, 19).replace('T', ' ');
}

/** The time from one ISO 8601 moment to another: `340 ms`, `1.2 s`, `3 min 5 s`; `-` where one of them is missing. */
export function elapsed(from: string | null, to: string | null): string {
  if (from === null || to === null) return '-';
  return durationText(Date.parse(to) - Date.parse(from));
}

/** A duration in ms as a person says it. */
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
