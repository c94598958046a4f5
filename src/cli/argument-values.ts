import { readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { parseExactly } from '../core/json/exact-json.ts';

/** Adds a value of a repeatable option. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** Parses a limit from 1 to 100, the range of the API's lists. */
export function parseLimit(text: string): number {
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 100) return limit;
  throw new InvalidArgumentError('Expected a whole number from 1 to 100.');
}

/** Parses a port from 0 to 65535; 0 picks a free one. */
export function parsePort(text: string): number {
  const port = parseCount(text);
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('Expected a port from 0 to 65535.');
}

/** Parses a whole number of 0 or more, such as `1_000_000` or `1e6`. */
export function parseCount(text: string): number {
  const count = parseMeasure(text);
  if (Number.isSafeInteger(count)) return count;
  throw new InvalidArgumentError('Expected a whole number, such as 1000000.');
}

/** Parses a number of 0 or more. */
export function parseMeasure(text: string): number {
  const measure = text.trim() === '' ? Number.NaN : Number(text.replaceAll('_', ''));
  if (Number.isFinite(measure) && measure >= 0) return measure;
  throw new InvalidArgumentError('Expected a number of 0 or more, such as 2.5.');
}

const unitSeconds = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Parses a duration, such as `90`, `90s`, `15m`, `24h` or `7d`, into seconds. */
export function parseSeconds(text: string): number {
  const match = /^(\d+)([smhd]?)$/.exec(text);
  if (match === null) throw new InvalidArgumentError('Expected a duration, such as 90s, 15m, 24h, or 7d.');
  const unit = match[2] === 's' || match[2] === 'm' || match[2] === 'h' || match[2] === 'd' ? match[2] : 's';
  return Number(match[1]) * unitSeconds[unit];
}

/** Parses a time (`2026-11-22`, `2026-11-22T09:00Z`) or an age (`2h`) into ISO 8601. */
export function parseMoment(text: string): string {
  const isDuration = /^\d+[smhd]$/.test(text);
  const time = isDuration ? Date.now() - parseSeconds(text) * 1_000 : Date.parse(text);
  if (Number.isFinite(time)) return new Date(time).toISOString();
  throw new InvalidArgumentError(
    'Expected a time, such as 2026-11-22T09:00Z, or an age, such as 15m, 2h, or 7d.',
  );
}

/**
 * Parses a payload. Text that begins like a JSON object, array or string must be JSON; any other text becomes a
 * message. `@file` reads a file, `-` reads stdin.
 */
export function parsePayload(text: string): unknown {
  return parseJson(
    text,
    'The payload is not valid JSON. An example, quoted for the shell: \'{"message": "Hello"}\'.',
  );
}

/** Parses text as `parsePayload` does. @param invalid the error for invalid JSON */
export function parseJson(text: string, invalid: string): unknown {
  const content =
    text === '-' ? readInput(0, 'stdin') : text.startsWith('@') ? readInput(text.slice(1)) : text;
  if (!/^\s*[{["]/.test(content)) return { message: content };
  try {
    return parseExactly(content);
  } catch {
    throw new InvalidArgumentError(invalid);
  }
}

function readInput(source: string | 0, name = String(source)): string {
  try {
    return readFileSync(source, 'utf8');
  } catch {
    throw new InvalidArgumentError(`Cannot read the file "${name}".`);
  }
}
