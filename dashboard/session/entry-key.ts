/** How the query is called that signs somebody in who opens the page. */
export const entryKey = 'entry';
