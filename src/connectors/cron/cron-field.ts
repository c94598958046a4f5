/** What one schedule field accepts. */
interface FieldRule {
  /** The field's name in messages, singular and plural. */
  readonly title: string;
  readonly plural: string;
  readonly min: number;
  readonly max: number;
  /** Names of values, starting with the name for `min`. */
  readonly names: readonly string[];
}

export const fieldRules = {
  minute: { title: 'minute', plural: 'minutes', min: 0, max: 59, names: [] },
  hour: { title: 'hour', plural: 'hours', min: 0, max: 23, names: [] },
  dayOfMonth: { title: 'day of month', plural: 'days of month', min: 1, max: 31, names: [] },
  month: {
    title: 'month',
    plural: 'months',
    min: 1,
    max: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  dayOfWeek: {
    title: 'day of week',
    plural: 'days of week',
    min: 0,
    max: 7,
    names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
  },
} as const satisfies Readonly<Record<string, FieldRule>>;

export type FieldName = keyof typeof fieldRules;

export type ReadField =
  /** `text` is the field in the form that every cron understands: `5/15` becomes `5-59/15`. */
  | { readonly outcome: 'valid'; readonly text: string }
  | { readonly outcome: 'invalid'; readonly problem: string };

/** Values that depend on the calendar; each must be the whole field. */
const calendarDays: Readonly<Partial<Record<FieldName, RegExp>>> = {
  // Some months lack the 29th, 30th, or 31st, and schedulers disagree on which weekday is nearest to a missing day.
  dayOfMonth: /^(l|([1-9]|1\d|2[0-8])w)$/,
  dayOfWeek: /^([0-7]|sun|mon|tue|wed|thu|fri|sat)#[1-5]$/,
};

/**
 * Reads one field.
 *
 * @param text in lower case
 */
export function readField(name: FieldName, text: string): ReadField {
  if (calendarDays[name]?.test(text) === true) return { outcome: 'valid', text };
  const parts = text.split(',').map((part) => readPart(name, part, text));
  const problem = parts.find((part) => part.outcome === 'invalid');
  if (problem !== undefined) return problem;
  return {
    outcome: 'valid',
    text: parts.map((part) => (part.outcome === 'valid' ? part.text : '')).join(','),
  };
}

const anyPart = /^(?:(\*)|(\d+|[a-z]{3})(?:-(\d+|[a-z]{3}))?)(?:\/(\d+))?$/;

function readPart(name: FieldName, part: string, field: string): ReadField {
  const rule: FieldRule = fieldRules[name];
  if (part === '') return invalid(`The ${rule.title} "${field}" has an extra comma.`);
  const [, star, first, second, step] = anyPart.exec(part) ?? [];
  if (star === undefined && first === undefined) return invalid(strangePart(name, part));
  const problem = star === undefined ? (rangeProblem(rule, first, second) ?? null) : null;
  if (problem !== null) return invalid(problem);
  if (step === undefined) return { outcome: 'valid', text: part };
  return readStep(name, part, Number(step), star === undefined && second === undefined ? first : undefined);
}

/** @param start the value before the step, if that is a single value */
function readStep(name: FieldName, part: string, step: number, start: string | undefined): ReadField {
  const { title, plural, min, max } = fieldRules[name];
  if (step === 0) return invalid(`The step of "${part}" is 0; it must be 1 or more.`);
  const count = name === 'dayOfWeek' ? 7 : max - min + 1;
  if (step > count) return invalid(`The step of "${part}" is larger than the number of ${plural}, ${count}.`);
  if (start === undefined) return { outcome: 'valid', text: part };
  if (name === 'dayOfWeek')
    return invalid(`"${part}" is not a valid ${title}. List the days, such as 1,3,5.`);
  return { outcome: 'valid', text: `${start}-${max}/${step}` };
}

function rangeProblem(rule: FieldRule, first: string | undefined, second: string | undefined): string | null {
  for (const value of [first, second]) {
    const problem = value === undefined ? null : valueProblem(rule, value);
    if (problem !== null) return problem;
  }
  if (first === undefined || second === undefined) return null;
  // A range may also end on Sunday.
  const end = second === 'sun' ? 7 : numberOf(rule, second);
  return numberOf(rule, first) <= end
    ? null
    : `The range "${first}-${second}" is reversed; put the earlier ${rule.title} first.`;
}

function valueProblem(rule: FieldRule, value: string): string | null {
  const { title, plural, min, max, names } = rule;
  if (names.includes(value)) return null;
  if (!/^\d+$/.test(value)) {
    return `"${value}" is not a valid ${title}: ${names.length === 0 ? 'it has no names' : `its names are ${names.join(', ')}`}.`;
  }
  return Number(value) >= min && Number(value) <= max
    ? null
    : `"${value}" is not a valid ${title}: ${plural} range from ${min} to ${max}.`;
}

function numberOf({ names, min }: FieldRule, value: string): number {
  const index = names.indexOf(value);
  return index < 0 ? Number(value) : index + min;
}

/** Explains syntax that other schedulers accept but not every engine here can run exactly. */
function strangePart(name: FieldName, part: string): string {
  const { title } = fieldRules[name];
  if (part === '?') return `"?" is not a valid ${title}. Use "*" for any.`;
  if (name === 'dayOfMonth' && /^[\dlw,-]+$/.test(part)) {
    return `"${part}" is not a valid day of month. "L" (the last day) and "15W" (the weekday nearest the 15th; 1W to 28W) must stand alone; other forms of "L" and "W" are not supported.`;
  }
  if (name === 'dayOfWeek' && /[l#]/.test(part)) {
    return `"${part}" is not a valid day of week. "1#2" (the second Monday; #1 to #5) must stand alone; other forms of "L" and "#" are not supported.`;
  }
  return `"${part}" is not a valid ${title}. Use values, ranges (1-5), lists (1,15), or steps (*/10, 5/15).`;
}

function invalid(problem: string): ReadField {
  return { outcome: 'invalid', problem };
}
