import { isJsonObject, type JsonValue } from '../../core/json/json-value.ts';
import type { EventPattern, FieldTest } from './event-pattern.ts';
import type { Leaf } from './value-tests.ts';

/** The list element that contains a value, linked to the element of the outer list. */
interface Place {
  readonly outer: Place | null;
  /** The list's number within the event. */
  readonly list: number;
  readonly index: number;
}

interface Field {
  readonly value: Leaf;
  readonly place: Place | null;
}

/** How many combinations of list elements are tried per event. */
const maxTries = 100_000;

/**
 * Whether an event matches a pattern, as on an event bus. Fields in lists of objects must match within the same element
 * (EventBridge user guide, "Event pattern syntax"; event-ruler, "JSON Array Matching").
 *
 * @returns `undecided` if the event's lists have more combinations than are tried
 */
export function matchEvent(pattern: EventPattern, event: JsonValue): 'fits' | 'differs' | 'undecided' {
  const fields = fieldsOf(event, new Set(pattern.flat().map(({ path }) => path)));
  const chosen = new Map<number, number>();
  let triesLeft = maxTries;

  const fits = (tests: readonly FieldTest[], at: number): boolean => {
    const test = tests[at];
    if (test === undefined) return true;
    const there = fields.get(test.path);
    if (there === undefined) return isAbsenceWanted(test) && fits(tests, at + 1);
    for (const { value, place } of there) {
      if (triesLeft-- <= 0) return false;
      const entered = isWanted(test, value) ? enter(chosen, place) : null;
      if (entered === null) continue;
      if (fits(tests, at + 1)) return true;
      leave(chosen, entered);
    }
    return false;
  };

  // Most events differ in a field outside any list.
  const possible = pattern.filter((tests) => tests.every((test) => couldFit(test, fields.get(test.path))));
  if (possible.some((tests) => fits(tests, 0))) return 'fits';
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

/**
 * Chooses the list elements that contain a value, in addition to those already chosen.
 *
 * @param chosen index of an element, by the number of its list
 * @returns the newly chosen elements; `null` if another element of one of the lists is chosen
 */
function enter(chosen: Map<number, number>, place: Place | null): readonly Place[] | null {
  const entered: Place[] = [];
  for (let inner = place; inner !== null; inner = inner.outer) {
    const index = chosen.get(inner.list);
    if (index === undefined) entered.push(inner);
    else if (index !== inner.index) return null;
    // The elements around a chosen one are chosen, too.
    else break;
  }
  for (const { list, index } of entered) chosen.set(list, index);
  return entered;
}

function leave(chosen: Map<number, number>, entered: readonly Place[]): void {
  for (const { list } of entered) chosen.delete(list);
}

/**
 * The event's values at the paths that a pattern names. Other paths are skipped: events are large, and patterns name
 * few fields.
 */
function fieldsOf(event: JsonValue, paths: ReadonlySet<string>): ReadonlyMap<string, readonly Field[]> {
  const leadSomewhere = new Set([...paths].flatMap(beginnings));
  const fields = new Map<string, Field[]>();
  let lists = 0;
  const walk = (value: JsonValue, path: string, place: Place | null): void => {
    if (Array.isArray(value)) {
      const list = lists++;
      for (const [index, element] of value.entries()) walk(element, path, { outer: place, list, index });
    } else if (isJsonObject(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const further = below(path, name);
        if (leadSomewhere.has(further)) walk(inner, further, place);
      }
    } else if (isLeaf(value) && paths.has(path)) {
      add(fields, path, { value, place });
    }
  };
  walk(event, '', null);
  return fields;
}

function add(fields: Map<string, Field[]>, path: string, field: Field): void {
  const there = fields.get(path);
  if (there === undefined) fields.set(path, [field]);
  else there.push(field);
}

function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/** For `a.b.c`: `a`, `a.b`, and `a.b.c`. */
function beginnings(path: string): string[] {
  const names = path.split('.');
  return names.map((_, last) => names.slice(0, last + 1).join('.'));
}

function isLeaf(value: JsonValue): value is Leaf {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}
