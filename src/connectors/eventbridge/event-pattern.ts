import { isJsonObject, type JsonObject, type JsonValue } from '../../core/json/json-value.ts';
import { operatorNames, type ValueTest, valueTest } from './value-tests.ts';

/** What a pattern asks of the field at a path. */
export interface FieldTest {
  /** Names of the objects on the way, with dots between: `detail.state`. */
  readonly path: string;
  /** One of them has to hold. */
  readonly tests: readonly ValueTest[];
}

/** A pattern without `$or`: an event fits where all tests of one of the alternatives hold. */
export type EventPattern = readonly (readonly FieldTest[])[];

/** What is wrong with a pattern, and at which place in it. */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem';
  readonly place: readonly string[];

  /** @param message clause of a sentence whose subject is the field at `place` */
  constructor(place: readonly string[], message: string) {
    super(message);
    this.place = place;
  }
}

/** More alternatives than EventBridge takes (user guide, "Or matching"). */
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

/** `$or` is a field like any other, unless two objects or more are in its list and no operator names a field of theirs. */
function orMembers(asked: JsonValue): readonly JsonObject[] | null {
  if (!Array.isArray(asked) || asked.length < 2) return null;
  const members = asked.filter(isJsonObject);
  const isOr = members.every((member) => !Object.keys(member).some((name) => operatorNames.includes(name)));
  return isOr && members.length === asked.length ? members : null;
}
