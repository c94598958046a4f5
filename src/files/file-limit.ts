/** The largest file that a payload accepts. */
export const maxFileBytes = 10 * 1024 * 1024;

/** Why a larger file is left out: the end of a sentence. */
export const fileTooLarge = `it is larger than ${maxFileBytes / 1024 / 1024} MB`;
