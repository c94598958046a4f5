const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A readable duration: `12 ms`, `3.4 s`, `2 min 5 s`, `1 h 30 min`, `2 d 3 h`. */
export function durationText(ms: number): string {
  if (ms < secondMs) return `${Math.round(ms)} ms`;
  if (ms < 10 * secondMs) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  if (ms < minuteMs) return `${Math.floor(ms / secondMs)} s`;
  if (ms < hourMs) return twoUnits(ms, minuteMs, 'min', secondMs, 's');
  if (ms < dayMs) return twoUnits(ms, hourMs, 'h', minuteMs, 'min');
  return twoUnits(ms, dayMs, 'd', hourMs, 'h');
}

/** Time between two ISO times, in ms; `null` if either is missing. */
export function durationBetween(from: string | null, to: string | null): number | null {
  return from === null || to === null ? null : Math.max(0, Date.parse(to) - Date.parse(from));
}

function twoUnits(ms: number, large: number, largeName: string, small: number, smallName: string): string {
  const whole = Math.floor(ms / large);
  const rest = Math.floor((ms % large) / small);
  return rest === 0 ? `${whole} ${largeName}` : `${whole} ${largeName} ${rest} ${smallName}`;
}
