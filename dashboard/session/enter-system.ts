import { fetchCaller } from '../api/caller.ts';
import { ApiFailure } from '../api/request.ts';
import { leave } from './cognito-users.ts';
import { signIn } from './session.ts';

const inNoGroup =
  'You have no role in this system. Ask an administrator for "operator" or "viewer", then sign in again.';

/**
 * Signs in a user whom Cognito has authenticated.
 *
 * @throws Error where the user is in no group of the system, and so has no permissions
 */
export async function enterSystem(token: string): Promise<void> {
  try {
    signIn({ token, caller: await fetchCaller(token) });
  } catch (thrown) {
    await leave();
    throw thrown instanceof ApiFailure && thrown.status === 401 ? new Error(inNoGroup) : thrown;
  }
}
