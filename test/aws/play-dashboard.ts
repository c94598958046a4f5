import type { Deployment } from './deployment.ts';
import type { Ministack } from './ministack.ts';
import { callCognito, createUser, type PoolUser } from './pool-users.ts';
import { startViewerFront } from './viewer-front.ts';

const operator: PoolUser = {
  username: 'ada@example.com',
  password: 'Given-for-good-1',
  group: 'operator',
};

/**
 * Makes the deployed dashboard ready for a browser: a user, an address.
 *
 * @param play gets what the tests of the dashboard want in their environment
 */
export async function playDashboard(
  account: Ministack,
  deployment: Deployment,
  play: (environment: Readonly<Record<string, string>>) => Promise<boolean>,
): Promise<boolean> {
  await makeOperator(account, deployment);
  const front = await startViewerFront(account, deployment.dashboardUrl);
  const passed = await play({
    ...account.environment,
    DASHBOARD_URL: front.url,
    SCENARIO_URL: deployment.url,
    SCENARIO_TOKEN: deployment.token,
    USER_POOL_ID: deployment.userPoolId,
    OPERATOR_NAME: operator.username,
    OPERATOR_PASSWORD: operator.password,
  });
  await front.stop();
  return passed;
}

/** Somebody who has chosen a password before. */
async function makeOperator(account: Ministack, deployment: Deployment): Promise<void> {
  await createUser(account, deployment, operator);
  await callCognito(account.endpoint, 'AdminSetUserPassword', {
    UserPoolId: deployment.userPoolId,
    Username: operator.username,
    Password: operator.password,
    Permanent: true,
  });
}
