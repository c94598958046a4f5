import type { UserPool } from './cognito-users.ts';
import type { Renewal } from './session.ts';

/**
 * Renews tokens by those that Cognito has given with them. The code that speaks with Cognito is a third of a page: it is
 * loaded when it is needed.
 */
export function renewByCognito(pool: UserPool): Renewal {
  return {
    async renew() {
      const { openUserPool, renewedToken } = await import('./cognito-users.ts');
      openUserPool(pool);
      return renewedToken();
    },
    async leave() {
      const { openUserPool, leave } = await import('./cognito-users.ts');
      openUserPool(pool);
      await leave();
    },
  };
}
