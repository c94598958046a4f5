import { isJsonObject, type JsonValue } from '../../core/json/json-value.ts';
import type { EventPattern, FieldTest } from './event-pattern.ts';
import type { Leaf } from './value-tests.ts';

/** Which element of which list a value stands in, by the number of the list. */
type Elements = ReadonlyMap<number, number>;

interface Field {
  readonly value: Leaf;
  readonly elements: Elements;
}

/** Combinations of list elements that are tried for one event. */
const maxTries = 100_000;

/**
 * Whether an event fits a pattern, as on an event bus. Fields in lists of objects have to stand in the same element
 * (EventBridge user guide, "Event pattern syntax"; event-ruler, "JSON Array Matching").
 *
 * @returns `undecided` where lists of the event have more combinations than are tried
 */
export function matchEvent(pattern: EventPattern, event: JsonValue): 'fits' | 'differs' | 'undecided' {
  const fields = fieldsOf(event);
  let triesLeft = maxTries;

  const fits = (tests: readonly FieldTest[], at: number, chosen: Elements): boolean => {
    const test = tests[at];
    if (test === undefined) return true;
    const there = fields.get(test.path);
    if (there === undefined) return isAbsenceWanted(test) && fits(tests, at + 1, chosen);
    for (const field of there) {
      if (triesLeft-- <= 0) return false;
      if (!isWanted(test, field.value)) continue;
      const both = joined(chosen, field.elements);
      if (both !== null && fits(tests, at + 1, both)) return true;
    }
    return false;
  };

  // Most events differ in a field that no list has a part in.
  const possible = pattern.filter((tests) => tests.every((test) => couldFit(test, fields.get(test.path))));
  if (possible.some((tests) => fits(tests, 0, new Map()))) return 'fits';
  return triesLeft > 0 ? 'differs' : 'undecided';
}

function couldFit(test: FieldTest, there: readonly Field[] | undefined): boolean {
  return there === undefined ? isAbsenceWanted(test) : there.some(({ value }) => isWanted(test, value));
}

function isAbsenceWanted({ tests }: FieldTest): boolean {
  return tests.some(({ kind }) => kind === 'absent');
}

function isWanted({ tests }: FieldTest, value: Leaf): boolean {
  return tests.some((test) => test.kind === 'value' && test.accepts(value));
}

/** `null` where the two stand in different elements of one list. */
function joined(one: Elements, other: Elements): Elements | null {
  for (const [list, element] of other) if ((one.get(list) ?? element) !== element) return null;
  return other.size === 0 ? one : new Map([...one, ...other]);
}

/** Every value of an event, by its path. */
function fieldsOf(event: JsonValue): ReadonlyMap<string, readonly Field[]> {
  const fields = new Map<string, Field[]>();
  let lists = 0;
  const walk = (value: JsonValue, path: string, elements: Elements): void => {
    if (Array.isArray(value)) {
      const list = lists++;
      for (const [index, element] of value.entries()) walk(element, path, new Map(elements).set(list, index));
    } else if (isJsonObject(value)) {
      for (const [name, inner] of Object.entries(value))
        walk(inner, path === '' ? name : `${path}.${name}`, elements);
    } else if (isLeaf(value)) {
      const there = fields.get(path);
      if (there === undefined) fields.set(path, [{ value, elements }]);
      else there.push({ value, elements });
    }
  };
  walk(event, '', new Map());
  return fields;
}

function isLeaf(value: JsonValue): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
