import { applicableFields } from './applicable.ts';
import { type Field, type FieldOf, isObject, type Json, type JsonValue } from './field.ts';

/** Problems of a configuration, by the dot path of the field. */
export type ConfigProblems = Readonly<Record<string, string>>;

/**
 * Checks a configuration while the user types. The server's check is final, as some rules span fields.
 *
 * @param path prefix of the dot paths of `fields`
 */
export function checkConfig(fields: readonly Field[], config: Json, path = ''): ConfigProblems {
  const problems = applicableFields(fields, config).map((field) =>
    checkField(field, config[field.name], path + field.name),
  );
  return Object.assign({}, ...problems);
}

function checkField(field: Field, given: JsonValue | undefined, path: string): ConfigProblems {
  const value = given ?? field.defaultValue;
  if (value === undefined || value === null || value === '') {
    return field.required ? { [path]: 'Required.' } : {};
  }
  switch (field.kind) {
    case 'text':
      return problemAt(path, textProblem(field, String(value)));
    case 'number':
      return problemAt(path, numberProblem(field, value));
    case 'several': {
      const isEnough = Array.isArray(value) && value.length >= field.minItems;
      return isEnough ? {} : { [path]: `Select at least ${field.minItems}.` };
    }
    case 'group':
      return isObject(value) ? checkConfig(field.fields, value, `${path}.`) : {};
    case 'variant': {
      const chosen = chosenVariant(field, value);
      return chosen !== undefined && isObject(value) ? checkConfig(chosen.fields, value, `${path}.`) : {};
    }
    default:
      return {};
  }
}

/** The variant of a value. */
export function chosenVariant(field: FieldOf<'variant'>, value: JsonValue | undefined) {
  const tag = isObject(value) ? value[field.tag] : undefined;
  return field.variants.find((variant) => variant.value === tag) ?? field.variants[0];
}

function textProblem(field: FieldOf<'text'>, value: string): string | null {
  if (value.length < field.minLength) return `Must be at least ${field.minLength} characters.`;
  if (field.maxLength !== null && value.length > field.maxLength)
    return `Must be at most ${field.maxLength} characters.`;
  if (field.format === 'uri' && !URL.canParse(value))
    return 'Enter a full URL, such as https://example.com/hooks.';
  if (field.pattern !== null && !new RegExp(field.pattern, 'u').test(value))
    return 'Contains characters that are not allowed.';
  return null;
}

function numberProblem(field: FieldOf<'number'>, value: JsonValue): string | null {
  const { whole, min, max, perShown, isQuantity } = field;
  const shownNumber = (limit: number) =>
    (limit / perShown).toLocaleString('en', { maximumSignificantDigits: 6, useGrouping: isQuantity });
  if (typeof value !== 'number' || !Number.isFinite(value)) return 'Enter a number.';
  if (whole && !Number.isInteger(value)) return 'Enter a whole number.';
  if (min !== null && value < min) return `Must be at least ${shownNumber(min)}.`;
  if (max !== null && value > max) return `Must be at most ${shownNumber(max)}.`;
  return null;
}

function problemAt(path: string, problem: string | null): ConfigProblems {
  return problem === null ? {} : { [path]: problem };
}
