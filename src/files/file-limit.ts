/** Largest file that a payload takes. */
export const maxFileBytes = 10 * 1024 * 1024;
