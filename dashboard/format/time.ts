import { counted } from './numbers.ts';
import type { TimeZone } from './time-zone.ts';

const dayMs = 86_400_000;
const clockShape = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const dayShape = { day: 'numeric', month: 'short' } as const;
const formats = {
  local: {
    clock: new Intl.DateTimeFormat('en-GB', clockShape),
    day: new Intl.DateTimeFormat('en-GB', dayShape),
  },
  utc: {
    clock: new Intl.DateTimeFormat('en-GB', { ...clockShape, timeZone: 'UTC' }),
    day: new Intl.DateTimeFormat('en-GB', { ...dayShape, timeZone: 'UTC' }),
  },
};
const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

/** The time of day, with the date unless it is today: `14:03:22`, `21 Nov, 14:03:22`. */
export function clockText(iso: string, zone: TimeZone = 'local', now: number = Date.now()): string {
  const { clock, day } = formats[zone];
  const time = new Date(iso);
  const text = isSameDay(time.getTime(), now, day)
    ? clock.format(time)
    : `${day.format(time)}, ${clock.format(time)}`;
  return zone === 'utc' ? `${text} UTC` : text;
}

function isSameDay(time: number, now: number, day: Intl.DateTimeFormat): boolean {
  return Math.abs(time - now) < dayMs && day.format(time) === day.format(now);
}

/** The local time with its zone, and the same in UTC, for tooltips. */
export function fullTimeText(iso: string): string {
  return `${full.format(new Date(iso))} · ${iso.replace('T', ' ').replace(/\.\d+Z$/, 'Z')}`;
}

/**
 * How long ago something happened: `just now`, `5 min ago`. Never in the future, even if this computer's clock is
 * behind the server's.
 */
export function agoText(iso: string, now: number = Date.now()): string {
  return relativeTimeText(iso, Math.max(now, Date.parse(iso)));
}

/** Time since or until a moment: `just now`, `5 min ago`, `in 2 h`. */
export function relativeTimeText(iso: string, now: number = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1_000);
  const distance = Math.abs(seconds);
  if (distance < 5) return 'just now';
  const amount = amountText(distance);
  return seconds < 0 ? `${amount} ago` : `in ${amount}`;
}

/** Time until a moment that is due: `in 3 s`, `now`. */
export function comingTimeText(iso: string, now: number): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1_000);
  return seconds < 1 ? 'now' : `in ${amountText(seconds)}`;
}

/** How long something has lasted: `16 min`. */
export function elapsedText(iso: string, now: number = Date.now()): string {
  return amountText(secondsBetween(Date.parse(iso), now));
}

/** How much longer something lasts: `1 more day`, `23 more hours`. Never less than one unit. */
export function remainingText(iso: string, now: number = Date.now()): string {
  const seconds = secondsBetween(now, Date.parse(iso));
  const [unit, length] = spans.find(([, span]) => seconds >= span) ?? ['second', 1];
  return counted(Math.max(1, Math.round(seconds / length)), `more ${unit}`);
}

const spans = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.round((to - from) / 1_000));
}

function amountText(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}
