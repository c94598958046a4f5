/** How long an answer is shared at least; dashboards poll less often. */
const freshMs = 1_000;
/** A slow answer stays fresh for this many times its duration, so finding it takes at most 1/20 of the time. */
const effortFactor = 20;
/** However long the answer took: the clock may have jumped meanwhile. */
const longestMs = 600_000;

interface Shared<Answer> {
  readonly answer: Promise<Answer>;
  /** Unix ms. */
  readonly askedAt: number;
  /** Unix ms. */
  staleAt: number;
}

/**
 * Shares one answer among all who ask the same question, so that counting many runs does not slow down triggers,
 * however many readers there are.
 *
 * @param clock Unix ms
 * @returns asks a question by its name; failed answers are not kept
 */
export function shareAnswers<Answer>(
  clock: () => number,
): (question: string, find: () => Promise<Answer>) => Promise<Answer> {
  const known = new Map<string, Shared<Answer>>();
  return (question, find) => {
    const askedAt = clock();
    forgetStale(known, askedAt);
    const last = known.get(question);
    if (last !== undefined) return last.answer;
    const shared: Shared<Answer> = { answer: find(), askedAt, staleAt: Number.POSITIVE_INFINITY };
    known.set(question, shared);
    shared.answer.then(
      () => {
        const effortMs = (clock() - askedAt) * effortFactor;
        shared.staleAt = clock() + Math.min(Math.max(freshMs, effortMs), longestMs);
      },
      () => known.delete(question),
    );
    return shared.answer;
  };
}

/** Also forgets answers from the future: the clock was set back, so their age is unknown. */
function forgetStale(known: Map<string, Shared<unknown>>, now: number): void {
  for (const [question, { askedAt, staleAt }] of known) {
    if (staleAt <= now || askedAt > now) known.delete(question);
  }
}
