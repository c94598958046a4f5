import { type LocatedList, type LocatedMap, type LocatedValue, plainValue } from './located-value.ts';

/**
 * Merges a value over the one that it inherits: scalars override, maps merge deeply, lists append without repeats
 * (agents.md). An item that a list repeats (the same tool with another condition, the same name) appears once, as in
 * the overlay.
 */
export function mergeLocated(base: LocatedValue, overlay: LocatedValue): LocatedValue {
  if (base.kind === 'map' && overlay.kind === 'map')
    return { ...overlay, entries: mergeEntries(base, overlay) };
  if (base.kind === 'list' && overlay.kind === 'list')
    return { ...overlay, items: appendItems(base, overlay) };
  return overlay;
}

function mergeEntries(base: LocatedMap, overlay: LocatedMap): ReadonlyMap<string, LocatedValue> {
  const merged = new Map(base.entries);
  for (const [key, value] of overlay.entries) {
    const inherited = base.entries.get(key);
    merged.set(key, inherited === undefined ? value : mergeLocated(inherited, value));
  }
  return merged;
}

function appendItems(base: LocatedList, overlay: LocatedList): readonly LocatedValue[] {
  const repeated = new Set(overlay.items.map(identityOf));
  return [...base.items.filter((item) => !repeated.has(identityOf(item))), ...overlay.items];
}

/** Two items are the same if they share their text, their `name`, or the tool of a `tool: condition` entry. */
function identityOf(item: LocatedValue): string {
  if (item.kind === 'scalar') return String(item.value);
  if (item.kind === 'map') {
    const name = item.entries.get('name');
    if (name?.kind === 'scalar') return String(name.value);
    const [only, ...others] = item.entries.keys();
    if (only !== undefined && others.length === 0) return only;
  }
  return JSON.stringify(plainValue(item));
}
