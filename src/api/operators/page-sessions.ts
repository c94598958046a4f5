/**
 * Sessions of the dashboard, each known by a cookie that its page cannot read. A session stands for the token that it was
 * started with: it may do what the token may, and ends with it.
 */
export interface PageSessions {
  /** Differs between systems on one machine: browsers send a host's cookies to all of its ports. */
  readonly cookieName: string;
  /** How long a session lasts. */
  readonly lastsSeconds: number;
  /** @returns the value of its cookie */
  start(token: string): Promise<string>;
  /** The token of a session; `null` where it has ended. */
  tokenOf(cookie: string): string | null;
  end(cookie: string): Promise<void>;
  /** A code that starts one session, soon. */
  makeLink(token: string): SignInLink;
  /** The token of a code, which is good no more afterwards; `null` for a code that is none. */
  redeem(code: string): string | null;
}

export interface SignInLink {
  /** Below the address of the dashboard. The code stands in its fragment, which browsers send to nobody. */
  readonly path: string;
  /** Unix ms. */
  readonly expiresAt: number;
}
