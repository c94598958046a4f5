/** Follows the log lines of each call: they take another way to the test than the answer. */
export const endOfLog = '=== end of call ===';
