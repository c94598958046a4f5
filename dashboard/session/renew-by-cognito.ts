import { fetchCaller } from '../api/caller.ts';
import { ApiFailure } from '../api/request.ts';
import type { UserPool } from './cognito-users.ts';
import type { Renewal } from './session.ts';
import type { Session } from './stored-session.ts';

/** Renews tokens with Cognito's refresh tokens. Loads the Cognito code on demand, because it is a third of a page. */
export function renewByCognito(pool: UserPool): Renewal {
  return {
    async renew() {
      const { openUserPool, renewedToken } = await import('./cognito-users.ts');
      openUserPool(pool);
      const token = await renewedToken();
      return token === null ? null : sessionOf(token);
    },
    async leave() {
      const { openUserPool, leave } = await import('./cognito-users.ts');
      openUserPool(pool);
      await leave();
    },
  };
}

/** The session of a token; `null` if it has no access because the user was removed from every group. */
export async function sessionOf(token: string): Promise<Session | null> {
  try {
    return { token, caller: await fetchCaller(token) };
  } catch (thrown) {
    if (thrown instanceof ApiFailure && thrown.status === 401) return null;
    throw thrown;
  }
}
