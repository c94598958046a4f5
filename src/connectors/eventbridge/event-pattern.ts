import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { operatorNames, type ValueTest, valueTest } from './value-tests.ts';

/** What a pattern requires of the field at a path. */
export interface FieldTest {
  /** Names of the enclosing objects and the field, joined by dots: `detail.state`. */
  readonly path: string;
  /** At least one must pass. */
  readonly tests: readonly ValueTest[];
}

/** A pattern with `$or` expanded: an event matches if all tests of one alternative pass. */
export type EventPattern = readonly (readonly FieldTest[])[];

/** A problem with a pattern, and its location. */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem';
  readonly place: readonly string[];

  /** @param message a clause whose subject is the field at `place` */
  constructor(place: readonly string[], message: string) {
    super(message);
    this.place = place;
  }
}

/** More alternatives than EventBridge accepts (user guide, "Or matching"). */
const maxAlternatives = 1_000;

/**
 * Reads an event pattern of EventBridge.
 *
 * @throws PatternProblem where it is not one
 */
export function readPattern(pattern: JsonObject): EventPattern {
  return alternativesOf(pattern, []);
}

function alternativesOf(pattern: JsonObject, place: readonly string[]): EventPattern {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new PatternProblem(place, 'must name at least one field');
  return entries.reduce<EventPattern>(
    (found, [name, asked]) => {
      const further = alternativesAt(name, asked, place);
      if (found.length * further.length > maxAlternatives) {
        throw new PatternProblem(
          [...place, name],
          `must not make more than ${maxAlternatives} combinations of "$or"`,
        );
      }
      return found.flatMap((one) => further.map((other) => [...one, ...other]));
    },
    [[]],
  );
}

function alternativesAt(name: string, asked: JsonValue, place: readonly string[]): EventPattern {
  const here = [...place, name];
  const members = name === '$or' ? orMembers(asked) : null;
  if (members !== null) return members.flatMap((member) => alternativesOf(member, place));
  if (isJsonObject(asked)) return alternativesOf(asked, here);
  if (!Array.isArray(asked))
    throw new PatternProblem(here, 'must be a list of values, such as ["value"], or an object');
  if (asked.length === 0) throw new PatternProblem(here, 'must have at least one value');
  return [[{ path: here.join('.'), tests: asked.map((entry) => testOf(entry, here)) }]];
}

function testOf(entry: JsonValue, place: readonly string[]): ValueTest {
  const test = valueTest(entry);
  if (typeof test === 'string') throw new PatternProblem(place, test);
  return test;
}

/** `$or` is an ordinary field, unless its list has at least two entries, all of them objects without operator names. */
function orMembers(asked: JsonValue): readonly JsonObject[] | null {
  if (!Array.isArray(asked) || asked.length < 2) return null;
  const members = asked.filter(isJsonObject);
  const isOr = members.every((member) => !Object.keys(member).some((name) => operatorNames.includes(name)));
  return isOr && members.length === asked.length ? members : null;
}
