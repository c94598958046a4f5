/** The largest file that a payload accepts. */
export const maxFileBytes = 10 * 1024 * 1024;
