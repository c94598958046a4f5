import { randomBytes } from 'node:crypto';
import type { Page } from 'playwright-core';
import { createUser, type PoolUser } from '../../aws/pool-users.ts';
import { enter } from '../shown-system.ts';
import type { Dashboard } from '../use-dashboard.ts';

export const { AWS_ENDPOINT_URL: endpoint = '', USER_POOL_ID: userPoolId = '' } = process.env;
/** What every user of the tests chooses. */
export const ownPassword = 'Chosen-by-myself-1';

/** A user who was given a first password, as docs/deploying.md says. */
export async function newUser(group: PoolUser['group']): Promise<PoolUser> {
  const name = randomBytes(4).toString('hex');
  const user = { username: `${name}@example.com`, password: 'First-time-only-1', group };
  await createUser({ endpoint }, { userPoolId }, user);
  return user;
}

/** Types name and password of a user who comes for the first time. */
export async function enterFirst(page: Page, { username, password }: PoolUser): Promise<void> {
  await page.goto('/agents');
  await enter(page, {
    fields: [
      ['Email address', username],
      ['Password', password],
    ],
    refusal: '',
  });
}

/** Chooses a password of one's own, as the first sign-in asks. */
export async function chooseOwn(page: Page): Promise<void> {
  await page.getByLabel('New password', { exact: true }).fill(ownPassword);
  await page.getByRole('button', { name: 'Set password and sign in' }).click();
}

/** Signed in for the first time, with a password of their own. */
export async function signedIn(
  dashboard: Dashboard,
  group: PoolUser['group'],
): Promise<{ page: Page; user: PoolUser }> {
  const user = await newUser(group);
  const page = await dashboard.openPage();
  await enterFirst(page, user);
  await chooseOwn(page);
  await page.getByRole('link', { name: 'order-lookup' }).waitFor();
  return { page, user };
}

/** The exception `cognito-checks` (see test/aws/exceptions.ts): one refusal, as Cognito's API reference has it. */
export async function refuseOnce(page: Page, operation: string, error: { __type: string; message: string }) {
  let refusals = 0;
  await page.route('https://cognito-idp.us-east-1.amazonaws.com/', async (route) => {
    const target = route.request().headers()['x-amz-target'] ?? '';
    if (!target.endsWith(`.${operation}`) || refusals > 0) return route.fallback();
    refusals += 1;
    return route.fulfill({ status: 400, json: error, headers: { 'access-control-allow-origin': '*' } });
  });
}
