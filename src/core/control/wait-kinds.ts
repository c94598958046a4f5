/** What a queued run waits for, other than its turn: the end of a hold, or a place in a concurrency limit. */
export const waitKinds = ['hold', 'limit'] as const;
