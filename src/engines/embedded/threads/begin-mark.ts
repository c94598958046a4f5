/**
 * Says of one attempt whether its thread has begun it, in memory that both sides see: a thread that somebody's code holds
 * cannot say it, and what it has not begun goes to another one. Either the thread begins an attempt or the engine takes it
 * back, never both.
 */
export type BeginMark = BigInt64Array<SharedArrayBuffer>;

const waiting = 0n;
const takenBack = -1n;

export function beginMark(): BeginMark {
  return new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
}

/** Called by the thread; `false` where the engine has taken the attempt back. */
export function begin(mark: BeginMark): boolean {
  return Atomics.compareExchange(mark, 0, waiting, process.hrtime.bigint()) === waiting;
}

/** Called by the engine; `false` where the thread has begun the attempt. */
export function takeBack(mark: BeginMark): boolean {
  return Atomics.compareExchange(mark, 0, waiting, takenBack) === waiting;
}

/** Nanoseconds by the clock that all threads of a process share and nobody sets; `null` where it has not begun. */
export function begunAt(mark: BeginMark): bigint | null {
  const at = Atomics.load(mark, 0);
  return at > 0n ? at : null;
}
