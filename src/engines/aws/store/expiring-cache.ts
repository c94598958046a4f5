/** Caches values for a short time, so that a busy process does not read the same record for every request. */
export interface ExpiringCache<Value> {
  get(key: string, now: number): Value | null;
  set(key: string, value: Value, now: number): void;
  forget(key: string): void;
}

/** More than a process ever serves within the lifetime. At this size, the cache starts over. */
const maxEntries = 10_000;

/** @param lifeMs maximum age of a value; 0 disables the cache */
export function expiringCache<Value>(lifeMs: number): ExpiringCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly at: number }>();
  return {
    get(key, now) {
      const entry = entries.get(key);
      if (entry === undefined) return null;
      // A value from the future was set before the clock was set back, so its age is unknown.
      const ageMs = now - entry.at;
      return ageMs >= 0 && ageMs < lifeMs ? entry.value : null;
    },
    set(key, value, now) {
      if (entries.size >= maxEntries) entries.clear();
      entries.set(key, { value, at: now });
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
