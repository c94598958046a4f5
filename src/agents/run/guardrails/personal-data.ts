import { isIP } from 'node:net';
import type { PersonalEntity } from '../../agent-definition.ts';

/*
 * Finds personal data and keys in texts. Every repetition in the expressions is bounded or cannot overlap with what follows,
 * so that the time grows with the length of a text only.
 */

/** How often something was found, by what it is. */
export type Found = Map<PersonalEntity, number>;

interface Match {
  readonly entity: PersonalEntity;
  readonly start: number;
  readonly end: number;
}

/**
 * Replaces personal data in a text by placeholders such as `[EMAIL_REDACTED]`.
 *
 * @param found counts what is replaced
 */
export function redactPersonalData(text: string, entities: readonly PersonalEntity[], found: Found): string {
  let redacted = '';
  let from = 0;
  for (const { entity, start, end } of matchesIn(text, entities)) {
    redacted += `${text.slice(from, start)}[${entity.toUpperCase()}_REDACTED]`;
    from = end;
    found.set(entity, (found.get(entity) ?? 0) + 1);
  }
  return redacted + text.slice(from);
}

/** What is found, in order of the text. Of two that overlap, the first one counts, or the longer one. */
function matchesIn(text: string, entities: readonly PersonalEntity[]): readonly Match[] {
  const plain = plainForm(text);
  const all = entities.flatMap((entity) =>
    finders[entity](plain).map(([start, end]): Match => ({ entity, start, end })),
  );
  all.sort((one, other) => one.start - other.start || other.end - one.end);
  let last = 0;
  return all.filter(({ start, end }) => {
    if (start < last) return false;
    last = end;
    return true;
  });
}

/**
 * Other spaces, such as those that do not break a line; hyphens, and dashes within numbers; full-width letters, digits and
 * signs. Each is one unit of UTF-16, as its plain form is.
 */
const typographic =
  /([\u00a0\u2000-\u200a\u202f\u205f\u3000])|([\u2010-\u2012\u2212\ufe63]|(?<=\d)\u2013(?=\d))|[\uff01-\uff5e]/g;
const fromFullWidth = 0xfee0;

/** A text of the same length in which numbers and addresses are written as on a keyboard. */
function plainForm(text: string): string {
  return text.replace(typographic, (character, space, hyphen) => {
    if (space !== undefined) return ' ';
    return hyphen === undefined ? String.fromCharCode(character.charCodeAt(0) - fromFullWidth) : '-';
  });
}

type Range = readonly [start: number, end: number];

const finders: Readonly<Record<PersonalEntity, (text: string) => readonly Range[]>> = {
  email: (text) => rangesOf(text, email),
  phone: (text) => phoneForms.flatMap((form) => rangesOf(text, form, isPhoneNumber)),
  ssn: (text) => rangesOf(text, socialSecurity),
  credit_card: (text) => rangesOf(text, digitGroups).flatMap((range) => windowsIn(text, range, card)),
  iban: (text) => rangesOf(text, accountGroups).flatMap((range) => windowsIn(text, range, account)),
  ip_address: (text) => [
    ...rangesOf(text, dottedNumbers, (found) => isIP(found) === 4),
    ...rangesOf(text, hexadecimalGroups, (found) => isIP(found) === 6),
  ],
  api_key: (text) => keyForms.flatMap((form) => rangesOf(text, form)),
};

/** Where an expression matches; its group `value`, if it has one, is what counts. */
function rangesOf(
  text: string,
  form: RegExp,
  isOne: (found: string) => boolean = () => true,
): readonly Range[] {
  return [...text.matchAll(form)].flatMap((match): readonly Range[] => {
    const value = match.groups?.['value'] ?? match[0];
    if (!isOne(value)) return [];
    const start = match.index + match[0].indexOf(value);
    return [[start, start + value.length]];
  });
}

const email =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}][\p{L}\p{N}-]{0,62}\.){1,8}\p{L}{2,63}(?![\p{L}\p{N}])/gu;

/** International; of ten digits as in North America; with the 0 of a city or a mobile network. */
const phoneForms = [
  /(?<![\w+.-])(?:\+|00[ .-])\d{1,3}(?:[ ./-]?\(?\d{1,5}\)?){2,7}(?![\w])/g,
  /(?<![\w.+-])(?:1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}(?![\w-])/g,
  /(?<![\w.+/-])(?:\(0\d{2,5}\) ?|0\d{2,5}[ /-])\d{3,8}(?:[ -]?\d{2,8}){0,3}(?![\w-])/g,
] as const;

/** E.164 allows 15 digits; shorter local numbers look like many other numbers. */
function isPhoneNumber(found: string): boolean {
  const digits = found.replace(/\D/g, '').length;
  return digits >= 8 && digits <= 17 && !/^\d{4}-\d{2}-\d{2}/.test(found);
}

/** Numbers that the Social Security Administration never issues are left out. */
const socialSecurity = /(?<![\w-])(?!000|666|9)\d{3}([ -])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])/g;

const digitGroups = /(?<![\p{L}\d])\d+(?:[ -]\d+)*(?![\p{L}\d])/gu;

/** A number that may be written in groups of characters. */
interface GroupedNumber {
  readonly shortest: number;
  readonly longest: number;
  /** Decides about the number without what separates its groups. */
  readonly isOne: (plain: string) => boolean;
}

/** Payment cards have 13 to 19 digits, and begin with the number of a network (ISO/IEC 7812). */
const card: GroupedNumber = {
  shortest: 13,
  longest: 19,
  isOne: (digits) => /^[2-6]/.test(digits) && hasLuhnDigit(digits),
};

function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const accountGroups = /(?<![\p{L}\d])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,30}){1,9}(?![\p{L}\d])/giu;

/** ISO 13616: the digits with letters as numbers, rotated by four, leave 1 when divided by 97. */
const account: GroupedNumber = {
  shortest: 15,
  longest: 34,
  isOne: (plain) => /^[A-Z]{2}\d{2}/i.test(plain) && remainderOf(plain.slice(4) + plain.slice(0, 4)) === 1,
};

function remainderOf(characters: string): number {
  let remainder = 0;
  for (const character of characters) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

/**
 * The parts of a range that are such a number: from the beginning of one group to the end of one, so that other groups
 * beside it do not hide it.
 */
function windowsIn(text: string, [from, to]: Range, number: GroupedNumber): readonly Range[] {
  const groups = rangesOf(text.slice(from, to), /[A-Za-z0-9]+/g);
  const windows: Range[] = [];
  let first = 0;
  while (first < groups.length) {
    const last = lastGroupOf(text.slice(from, to), groups, first, number);
    if (last !== null) windows.push([from + (groups[first]?.[0] ?? 0), from + (groups[last]?.[1] ?? 0)]);
    first = (last ?? first) + 1;
  }
  return windows;
}

/** The last group of the longest such number that begins with the group `first`; `null` if there is none. */
function lastGroupOf(
  text: string,
  groups: readonly Range[],
  first: number,
  { shortest, longest, isOne }: GroupedNumber,
): number | null {
  let plain = '';
  let last: number | null = null;
  for (let index = first; index < groups.length; index++) {
    plain += text.slice(...(groups[index] ?? [0, 0]));
    if (plain.length > longest) break;
    if (plain.length >= shortest && isOne(plain)) last = index;
  }
  return last;
}

const dottedNumbers = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\d)/g;
const hexadecimalGroups =
  /(?<![\w:.])(?=[0-9a-f:]*[0-9a-f])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,8}(?:\d{0,2}(?:\.\d{1,3}){3})?(?![\w:])/gi;

/** Keys with the prefixes of their issuers, private keys, tokens of three parts (JWT), and what is called a key. */
const keyForms = [
  /(?<![\w-])(?:sk|pk|rk)[-_](?:live|test|proj|ant|or|svcacct)?[-_]?(?=[\w-]{0,200}\d)[\w-]{16,200}/g,
  /(?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)/g,
  /(?<!\w)(?:gh[pousr]_[A-Za-z0-9]{30,255}|github_pat_\w{30,255}|glpat-[\w-]{20,255}|npm_[A-Za-z0-9]{36})(?!\w)/g,
  /(?<!\w)xox[abeoprs]-[\w-]{10,255}/g,
  /(?<!\w)(?:AIza[\w-]{35}|ya29\.[\w-]{20,1024})(?![\w-])/g,
  /(?<!\w)(?:whsec_[\w+/=-]{16,255}|SG\.[\w-]{16,64}\.[\w-]{16,128}|hf_[A-Za-z0-9]{30,64})/g,
  /(?<![\w-])eyJ[\w-]{10,4096}\.eyJ[\w-]{10,8192}\.[\w-]{10,4096}/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\w\s+/=:,-]{0,16384}?-----END [A-Z ]{0,40}PRIVATE KEY-----/g,
  /(?:api|access|secret)[ _-]?(?:key|token)["']?\s{0,4}[:=]\s{0,4}["']?(?<value>[\w.~+/=-]{16,512})/gi,
] as const;
