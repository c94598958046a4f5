/**
 * Sessions of the dashboard, each identified by a cookie that the page cannot read. A session has the permissions of
 * the token that started it, and ends with that token.
 */
export interface PageSessions {
  /** Differs between systems on one machine: browsers send a host's cookies to all its ports. */
  readonly cookieName: string;
  /** How long a session lasts. */
  readonly lastsSeconds: number;
  /** @returns the value of its cookie */
  start(token: string): Promise<string>;
  /** The token of a session; `null` if the session has ended. */
  tokenOf(cookie: string): string | null;
  end(cookie: string): Promise<void>;
  /** Creates a link with a code that starts one session and expires soon. */
  makeLink(token: string): SignInLink;
  /** The token for a code, which then stops working; `null` if the code is not valid. */
  redeem(code: string): string | null;
}

export interface SignInLink {
  /** Below the dashboard's address. The code is in its fragment, which browsers send to no server. */
  readonly path: string;
  /** Unix ms. */
  readonly expiresAt: number;
}
