import { fetchCaller } from '../api/caller.ts';
import { ApiFailure } from '../api/request.ts';
import type { UserPool } from './cognito-users.ts';
import type { Renewal } from './session.ts';
import type { Session } from './stored-session.ts';

/**
 * Renews tokens by those that Cognito has given with them. The code that speaks with Cognito is a third of a page: it is
 * loaded when it is needed.
 */
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

/** Who the token lets in now; `null` where it lets nobody in: the user has been taken out of every group. */
export async function sessionOf(token: string): Promise<Session | null> {
  try {
    return { token, caller: await fetchCaller(token) };
  } catch (thrown) {
    if (thrown instanceof ApiFailure && thrown.status === 401) return null;
    throw thrown;
  }
}
