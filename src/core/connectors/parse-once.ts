import type { JsonObject } from '../json/json-value.ts';

/**
 * Parses every stored configuration once: it stays the same object until its record changes, and events come often.
 *
 * @param parse must return the same for the same object
 */
export function parseOnce<Parsed>(parse: (config: JsonObject) => Parsed): (config: JsonObject) => Parsed {
  const known = new WeakMap<JsonObject, { readonly parsed: Parsed }>();
  return (config) => {
    const before = known.get(config);
    if (before !== undefined) return before.parsed;
    const parsed = parse(config);
    known.set(config, { parsed });
    return parsed;
  };
}
