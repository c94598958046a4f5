import type { JsonObject, JsonValue } from '../../core/json/json-value.ts';

const textOfFormat: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  time: '12:00:00Z',
  'date-time': '2026-01-31T12:00:00Z',
  duration: 'PT1H',
  email: 'demo@example.com',
  'idn-email': 'demo@example.com',
  hostname: 'example.com',
  'idn-hostname': 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/demo',
  url: 'https://example.com/demo',
  'uri-reference': '/demo',
  uuid: '00000000-0000-4000-8000-000000000000',
  'json-pointer': '/demo',
  regex: '.*',
  byte: 'ZGVtbw==',
};

/** Candidates for a text that must match a pattern; the demo model cannot satisfy any other pattern. */
const textsForPatterns = [
  'demo',
  'Demo',
  'DEMO',
  'demo-1',
  'DEMO-1',
  'A-1',
  'A1',
  'ABC',
  'EUR',
  'EN',
  'en',
  '1',
  '12',
  '123',
  '1234',
  '12345',
  '1.0',
  '1.0.0',
  '2026-01-31',
  '2026-01',
  '12:00',
  '+4912345678',
  '#aabbcc',
  'demo@example.com',
  'https://example.com/demo',
  '00000000-0000-4000-8000-000000000000',
];

/**
 * A number that a schema allows.
 *
 * @param isInteger whether its type is `integer`
 */
export function demoNumber(schema: JsonObject, isInteger: boolean): number {
  const step = numberIn(schema.multipleOf) ?? (isInteger ? 1 : 0);
  const above = numberIn(schema.exclusiveMinimum);
  const below = numberIn(schema.exclusiveMaximum);
  const least = numberIn(schema.minimum) ?? (above === undefined ? undefined : nextAbove(above, below, step));
  const most = numberIn(schema.maximum) ?? (below === undefined ? undefined : below - (step || 1));
  const wanted = least ?? Math.min(1, most ?? 1);
  return step > 0 ? roundUp(wanted, step, most) : wanted;
}

/** A value above an exclusive bound: one step above it, or halfway to the upper bound. */
function nextAbove(above: number, below: number | undefined, step: number): number {
  if (step > 0) return above + step;
  return below === undefined ? above + 1 : (above + below) / 2;
}

function roundUp(value: number, step: number, most: number | undefined): number {
  const up = Math.ceil(value / step) * step;
  return most !== undefined && up > most ? Math.floor(most / step) * step : up;
}

/** A text that a schema allows: `text`, fitted in length, if it asks for no format or pattern. */
export function demoText(schema: JsonObject, text: string): string {
  const format = typeof schema.format === 'string' ? textOfFormat[schema.format] : undefined;
  if (format !== undefined) return format;
  const least = numberIn(schema.minLength) ?? 0;
  const most = numberIn(schema.maxLength) ?? Number.POSITIVE_INFINITY;
  if (typeof schema.pattern === 'string') return textForPattern(schema.pattern, least, most) ?? text;
  return text.padEnd(least, '.').slice(0, most);
}

function textForPattern(source: string, least: number, most: number): string | undefined {
  const pattern = new RegExp(source, 'u');
  return textsForPatterns.find((text) => text.length >= least && text.length <= most && pattern.test(text));
}

/** The value of a keyword such as `minimum`, if it is a number. */
export function numberIn(value: JsonValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
