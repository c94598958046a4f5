/** Work that continues after its answer; the function instance must not freeze before it has ended. */
export interface UnfinishedWork {
  /** @param work never rejects */
  add(work: Promise<unknown>): void;
  /** Resolves when all work has ended. */
  ended(): Promise<void>;
}

export function unfinishedWork(): UnfinishedWork {
  const going = new Set<Promise<unknown>>();
  return {
    add(work) {
      going.add(work);
      void work.finally(() => going.delete(work));
    },
    async ended() {
      while (going.size > 0) await Promise.all(going);
    },
  };
}
