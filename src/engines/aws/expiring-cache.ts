/** Remembers values for a short time, so that a busy process does not read the same record for every request. */
export interface ExpiringCache<Value> {
  get(key: string, now: number): Value | null;
  set(key: string, value: Value, now: number): void;
  forget(key: string): void;
}

/** More than a process ever serves within the time; reached, the cache starts over. */
const maxEntries = 10_000;

/** @param lifeMs how old a value may be; 0 remembers nothing */
export function expiringCache<Value>(lifeMs: number): ExpiringCache<Value> {
  const entries = new Map<string, { readonly value: Value; readonly until: number }>();
  return {
    get(key, now) {
      const entry = entries.get(key);
      return entry !== undefined && entry.until > now ? entry.value : null;
    },
    set(key, value, now) {
      if (entries.size >= maxEntries) entries.clear();
      entries.set(key, { value, until: now + lifeMs });
    },
    forget(key) {
      entries.delete(key);
    },
  };
}
