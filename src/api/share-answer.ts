/** Everybody who asks the same within this time gets the same answer; pages that look again wait longer. */
const freshMs = 1_000;
/** What took long to find out is good for so many times as long: finding out takes a twentieth of the time at most. */
const effortFactor = 20;

interface Shared<Answer> {
  readonly answer: Promise<Answer>;
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
    const shared: Shared<Answer> = { answer: find(), staleAt: Number.POSITIVE_INFINITY };
    known.set(question, shared);
    shared.answer.then(
      () => {
        shared.staleAt = clock() + Math.max(freshMs, (clock() - askedAt) * effortFactor);
      },
      () => known.delete(question),
    );
    return shared.answer;
  };
}

function forgetStale(known: Map<string, Shared<unknown>>, now: number): void {
  for (const [question, { staleAt }] of known) if (staleAt <= now) known.delete(question);
}
