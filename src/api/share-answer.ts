/** Everybody who asks the same within this time gets the same answer; pages that look again wait longer. */
const freshMs = 1_000;
/** What took long to find out is good for so many times as long: finding out takes a twentieth of the time at most. */
const effortFactor = 20;
/** Whatever it took: the clock may have jumped meanwhile. */
const longestMs = 600_000;

interface Shared<Answer> {
  readonly answer: Promise<Answer>;
  /** Unix ms. */
  readonly askedAt: number;
  /** Unix ms. */
  staleAt: number;
}

/**
 * Lets all who ask the same question share its answer, so that counting many runs does not take the process's time
 * from those who send triggers, however many look.
 *
 * @param clock Unix ms
 * @returns asks by the question's name; an answer that fails is not kept
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

/** An answer of the future was found before the clock was set back: nobody knows how old it is. */
function forgetStale(known: Map<string, Shared<unknown>>, now: number): void {
  for (const [question, { askedAt, staleAt }] of known) {
    if (staleAt <= now || askedAt > now) known.delete(question);
  }
}
