/** Path of the session calls, which the dashboard makes before anyone has signed in. */
export const sessionPath = '/session';

/** Marks a request with the session cookie as the dashboard's own: pages of other sites cannot send this header. */
export const pageHeader = 'x-connectors-page';

/** Beginning of a sign-in link's fragment, before the code. */
export const signInFragment = '#sign-in=';
