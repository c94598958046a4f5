import type { LocatedFields, LocatedValue } from '../project/yaml-sources/located-value.ts';

/** Lays the fields of an environment over those of the file: maps merge deeply, all else is replaced. */
export function overlay(base: LocatedFields, over: LocatedFields): LocatedFields {
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) {
    const below: LocatedValue | undefined = entries.get(key);
    entries.set(key, below?.kind === 'map' && value.kind === 'map' ? overlay(below, value) : value);
  }
  return { ...base, entries };
}
