/** Key of the query that signs in the user who opens the page. */
export const entryKey = 'entry';
