import { isIP } from 'node:net';
import * as z from 'zod';
import { isInRanges } from '../../net/target-guard.ts';
import { wildcardTest } from './wildcard.ts';

/** A value in an event other than an object or a list. */
export type Leaf = string | number | boolean | null;

/** Whether a value meets one requirement of a pattern. */
export type Accepts = (value: Leaf) => boolean;

/** What a pattern requires of a field: a matching value, or absence. */
export type ValueTest = { readonly kind: 'value'; readonly accepts: Accepts } | { readonly kind: 'absent' };

const leaf = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const ignoringCase = z.strictObject({ 'equals-ignore-case': z.string().min(1) });
const affix = z.union([z.string(), ignoringCase]);
const texts = z.union([
  z
    .string()
    .min(1)
    .transform((text) => [text]),
  z.array(z.string().min(1)).min(1),
]);

/** Builds the test of each operator from its operand. */
const operators: Readonly<Record<string, (operand: unknown) => ValueTest | null>> = {
  prefix: (operand) => affixTest(operand, (text, part) => text.startsWith(part)),
  suffix: (operand) => affixTest(operand, (text, part) => text.endsWith(part)),
  'equals-ignore-case': (operand) =>
    parsed(z.string(), operand, (wanted) => text(equalsIgnoringCase(wanted))),
  wildcard: (operand) => parsed(wildcardText, operand, (wanted) => text(wildcardTest(wanted))),
  cidr: (operand) =>
    parsed(range, operand, (wanted) =>
      text((address) => isIP(address) !== 0 && isInRanges(address, [wanted])),
    ),
  exists: (operand) =>
    parsed(z.boolean(), operand, (there) => (there ? value(() => true) : { kind: 'absent' })),
  numeric: (operand) =>
    parsed(comparisons, operand, (all) => number((given) => all.every((fits) => fits(given)))),
  'anything-but': anythingBut,
};

/** The operators of a pattern (EventBridge user guide, "Comparison operators for use in event patterns"). */
export const operatorNames = Object.keys(operators);

/**
 * The test for one entry of a pattern's list.
 *
 * @returns a clause that explains the problem if the entry is not valid
 */
export function valueTest(entry: unknown): ValueTest | string {
  const exact = leaf.safeParse(entry);
  if (exact.success) return value((given) => given === exact.data);
  const single = z.record(z.string(), z.unknown()).safeParse(entry).data ?? {};
  const [name, ...others] = Object.keys(single);
  const operator = name !== undefined && Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (name === undefined || operator === undefined || others.length > 0) {
    return `must be a value or one of the operators ${operatorNames.join(', ')}`;
  }
  return operator(single[name]) ?? `has an operand that "${name}" does not take`;
}

function parsed<Operand>(
  form: z.ZodType<Operand, unknown>,
  operand: unknown,
  make: (operand: Operand) => ValueTest,
): ValueTest | null {
  const result = form.safeParse(operand);
  return result.success ? make(result.data) : null;
}

function value(accepts: Accepts): ValueTest {
  return { kind: 'value', accepts };
}

function text(accepts: (text: string) => boolean): ValueTest {
  return value((given) => typeof given === 'string' && accepts(given));
}

function number(accepts: (number: number) => boolean): ValueTest {
  return value((given) => typeof given === 'number' && accepts(given));
}

function equalsIgnoringCase(wanted: string): (text: string) => boolean {
  return (given) => given.toLowerCase() === wanted.toLowerCase();
}

type HasAffix = (text: string, part: string) => boolean;

function affixTest(operand: unknown, has: HasAffix): ValueTest | null {
  return parsed(affix, operand, (wanted) => {
    if (typeof wanted === 'string') return text((given) => has(given, wanted));
    const part = wanted['equals-ignore-case'].toLowerCase();
    return text((given) => has(given.toLowerCase(), part));
  });
}

/** Refuses consecutive wildcards, and a backslash before anything but a wildcard or a backslash (ruler, README). */
const wildcardText = z.string().regex(/^(?:[^*\\]|\\[*\\]|\*(?!\*))*$/);

const range = z.string().refine((given) => {
  const [address = '', bits = '', ...others] = given.split('/');
  const longest = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return others.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= longest;
});

const compare: Readonly<Record<string, (given: number, bound: number) => boolean>> = {
  '=': (given, bound) => given === bound,
  '<': (given, bound) => given < bound,
  '<=': (given, bound) => given <= bound,
  '>': (given, bound) => given > bound,
  '>=': (given, bound) => given >= bound,
};

/** EventBridge compares numbers up to five billion. */
const bound = z.number().min(-5e9).max(5e9);
const lower = z.enum(['>', '>=']);
const upper = z.enum(['<', '<=']);

const comparisons = z
  .union([z.tuple([z.enum(['=', '<', '<=', '>', '>=']), bound]), z.tuple([lower, bound, upper, bound])])
  .refine(([, first, , second = Number.POSITIVE_INFINITY]) => first < second)
  .transform((operand) => {
    const [one, first, other, second] = operand;
    const fits = (name: string, limit: number) => (given: number) => compare[name]?.(given, limit) === true;
    return other === undefined || second === undefined
      ? [fits(one, first)]
      : [fits(one, first), fits(other, second)];
  });

/** Operators that `anything-but` accepts. A value of another type also counts as different. */
const negations = {
  prefix: (part: string) => (given: string) => given.startsWith(part),
  suffix: (part: string) => (given: string) => given.endsWith(part),
  'equals-ignore-case': equalsIgnoringCase,
  wildcard: wildcardTest,
} as const;

const negated = z.union([
  z.strictObject({ prefix: texts }),
  z.strictObject({ suffix: texts }),
  z.strictObject({ 'equals-ignore-case': texts }),
  z.strictObject({
    wildcard: z.union([wildcardText.transform((one) => [one]), z.array(wildcardText).min(1)]),
  }),
]);

const unwanted = z.union([
  z.string().transform((one): Leaf[] => [one]),
  z.number().transform((one): Leaf[] => [one]),
  z.array(z.string()).min(1),
  z.array(z.number()).min(1),
]);

function anythingBut(operand: unknown): ValueTest | null {
  const values = unwanted.safeParse(operand);
  if (values.success) {
    const refused = new Set<Leaf>(values.data);
    return value((given) => !refused.has(given));
  }
  return parsed(negated, operand, (wanted) => {
    const tests = Object.entries(negations).flatMap(([name, make]) => {
      const parts: readonly string[] = Object.entries(wanted).find(([key]) => key === name)?.[1] ?? [];
      return parts.map(make);
    });
    return value((given) => typeof given !== 'string' || !tests.some((is) => is(given)));
  });
}
