import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Deployment, deploy } from './deployment.ts';
import { emulatedAccount } from './emulated-account.ts';
import { leftovers } from './leftovers.ts';
import type { Ministack } from './ministack.ts';
import { callCognito, createUser, type PoolUser } from './pool-users.ts';
import { uploadPage } from './upload-page.ts';
import { startViewerFront } from './viewer-front.ts';

/**
 * A program: deploys the system with the example project into an empty emulated account, and plays the dashboard's story
 * there in a real browser. Arguments go to Jest.
 */
const root = join(import.meta.dirname, '../..');
const operator: PoolUser = {
  username: 'ada@example.com',
  password: 'Given-for-good-1',
  group: 'operator',
};

async function main(): Promise<number> {
  const account = await emulatedAccount();
  try {
    const deployment = await deploy(account, { project: 'project' });
    await uploadPage(account, deployment);
    await makeOperator(account, deployment);
    const front = await startViewerFront(account, deployment.dashboardUrl);
    const code = await playStory(account, deployment, front.url);
    await front.stop();
    await deployment.destroy();
    const left = await leftovers(account);
    if (left.length > 0) process.stdout.write(`Left in the account: ${left.join(', ')}\n`);
    return left.length > 0 ? 1 : code;
  } finally {
    await account.stop();
  }
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

async function playStory(account: Ministack, deployment: Deployment, dashboardUrl: string): Promise<number> {
  const env = {
    ...process.env,
    ...account.environment,
    DASHBOARD_URL: dashboardUrl,
    SCENARIO_URL: deployment.url,
    SCENARIO_TOKEN: deployment.token,
    USER_POOL_ID: deployment.userPoolId,
    OPERATOR_NAME: operator.username,
    OPERATOR_PASSWORD: operator.password,
  };
  const jest = spawn(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      join(root, 'node_modules/jest/bin/jest.js'),
      ...['--config', 'jest.deployed-dashboard.config.js'],
      ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit', env },
  );
  const [code] = await once(jest, 'exit');
  return code ?? 1;
}

process.exitCode = await main();
