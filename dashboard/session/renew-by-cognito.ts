import type { UserPool } from './cognito-users.ts';
import type { Renewal } from './session.ts';

/** Loads the code that speaks with Cognito, which is more than the rest of a page: only when it is needed. */
export async function cognitoUsers(pool: UserPool) {
  const users = await import('./cognito-users.ts');
  users.openUserPool(pool);
  return users;
}

/** Renews tokens by those that Cognito has given with them. */
export function renewByCognito(pool: UserPool): Renewal {
  return {
    renew: async () => (await cognitoUsers(pool)).renewedToken(),
    leave: async () => (await cognitoUsers(pool)).leave(),
  };
}
