/** Path of the calls that a page makes before anybody is signed in. */
export const sessionPath = '/session';

/** The header with which the dashboard shows that a request with the cookie is its own: other sites cannot send it. */
export const pageHeader = 'x-connectors-page';

/** What the fragment of a sign-in link begins with, before the code. */
export const signInFragment = '#sign-in=';
