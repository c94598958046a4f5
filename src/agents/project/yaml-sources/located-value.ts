import type { JsonValue } from '../../../core/json/json-value.ts';

/** A value of a YAML file with its position: the line of its key, or its own in a list. */
export type LocatedValue = Place & (LocatedScalar | LocatedMap | LocatedList);

/** The fields of a file or of a value in it. */
export type LocatedFields = Extract<LocatedValue, { kind: 'map' }>;

export interface Place {
  /** Relative to the project folder. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface LocatedScalar {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
}

export interface LocatedMap {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, LocatedValue>;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly items: readonly LocatedValue[];
}

/** The value without its positions. */
export function plainValue(located: LocatedValue): JsonValue {
  if (located.kind === 'scalar') return located.value;
  if (located.kind === 'list') return located.items.map(plainValue);
  return Object.fromEntries([...located.entries].map(([key, value]) => [key, plainValue(value)]));
}

/** Where the value at a path was written; if it is absent, the place of the nearest enclosing value. */
export function placeOf(root: LocatedValue, path: readonly PropertyKey[]): Place {
  let found = root;
  for (const key of path) {
    const child = childOf(found, key);
    if (child === undefined) break;
    found = child;
  }
  return { file: found.file, line: found.line };
}

function childOf(parent: LocatedValue, key: PropertyKey): LocatedValue | undefined {
  if (parent.kind === 'map') return parent.entries.get(String(key));
  return parent.kind === 'list' ? parent.items[Number(key)] : undefined;
}
