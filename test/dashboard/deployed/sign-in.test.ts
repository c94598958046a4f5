import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { callCognito } from '../../aws/pool-users.ts';
import { violationsOn } from '../examine-page.ts';
import { useDashboard } from '../use-dashboard.ts';
import { chooseOwn, endpoint, enterFirst, newUser, refuseOnce, signedIn, userPoolId } from './pool-user.ts';

const dashboard = useDashboard();

/** Lets the access token that the page has end now; what renews it stays. */
async function endToken(page: Page): Promise<void> {
  await page.evaluate(() => {
    const name = 'agent-connectors.session';
    const session = JSON.parse(sessionStorage.getItem(name) ?? '');
    const [head, , signature] = session.token.split('.');
    const ended = btoa(JSON.stringify({ exp: 1 }));
    sessionStorage.setItem(name, JSON.stringify({ ...session, token: `${head}.${ended}.${signature}` }));
  });
}

/** Creates an API key as the user of the page. @returns the status of the answer */
async function createKey(): Promise<number> {
  const { token } = JSON.parse(sessionStorage.getItem('agent-connectors.session') ?? '');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ name: crypto.randomUUID(), role: 'viewer' });
  return (await fetch('/api/v1/api-keys', { method: 'POST', headers, body })).status;
}

describe('a user of the pool', () => {
  test('chooses a password at the first time, and a weak one is refused with the reason', async () => {
    const page = await dashboard.openPage();
    const user = await newUser('operator');
    await enterFirst(page, user);
    await page.getByLabel('New password', { exact: true }).fill('short');
    expect(await violationsOn(page, 'sign-in')).toEqual([]);
    await refuseOnce(page, 'RespondToAuthChallenge', {
      __type: 'InvalidPasswordException',
      message: 'Password did not conform with policy: Password not long enough',
    });
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.getByRole('alert').getByText('Password not long enough').waitFor();
    await chooseOwn(page);
    await page.getByRole('link', { name: 'order-lookup' }).waitFor();
  });

  test('stays signed in over a reload, leaves nothing in the browser’s memory for good, and signs out', async () => {
    const { page } = await signedIn(dashboard, 'operator');
    await page.reload();
    await page.getByRole('link', { name: 'order-lookup' }).waitFor();
    const local = await page.evaluate(() => JSON.stringify(localStorage) + document.cookie);
    expect(local).not.toMatch(/eyJ|Cognito/);
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('Password', { exact: true }).waitFor();
    await page.waitForFunction(() => !JSON.stringify(sessionStorage).includes('eyJ'));
    expect(await page.getByText('Your session has ended.').count()).toBe(0);
    expect(await violationsOn(page, 'sign-in')).toEqual([]);
  });

  test('is named by the e-mail address, in the settings and in the audit log', async () => {
    const { page, user } = await signedIn(dashboard, 'operator');
    await page.goto('/settings');
    await page.getByText(`${user.username}, operator`, { exact: true }).waitFor();
    expect(await page.evaluate(createKey)).toBe(201);
    await page.reload();
    await page
      .getByRole('region', { name: 'Audit log' })
      .getByRole('row', { name: /api-key\.created/ })
      .getByText(user.username, { exact: true })
      .first()
      .waitFor();
  });

  test('goes on when a token ends, because another one is got', async () => {
    const { page } = await signedIn(dashboard, 'operator');
    await endToken(page);
    await page.reload();
    await page.getByRole('link', { name: 'order-lookup' }).waitFor();
  });

  test('signs in again where there is no other token any more', async () => {
    const { page, user } = await signedIn(dashboard, 'operator');
    // Tokens say in whole seconds when they were made: in its own second, one outlives the end of all sessions.
    await sleep(1_000);
    await callCognito(endpoint, 'AdminUserGlobalSignOut', {
      UserPoolId: userPoolId,
      Username: user.username,
    });
    await endToken(page);
    await page.reload();
    await page.getByText('Your session has ended. Sign in again.').waitFor();
  });

  test('in no group is told so', async () => {
    const page = await dashboard.openPage();
    await enterFirst(page, await newUser(null));
    await chooseOwn(page);
    await page.getByText('You have no role in this system.').waitFor();
  });

  test('who has forgotten the password chooses another one with a code, and is told where the code is wrong', async () => {
    const { page, user } = await signedIn(dashboard, 'operator');
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByRole('button', { name: 'Forgot your password?' }).click();
    await page.getByLabel('Email address', { exact: true }).fill(user.username);
    await page.getByRole('button', { name: 'Send code' }).click();
    await page.getByLabel('Code', { exact: true }).fill('000000');
    await page.getByLabel('New password', { exact: true }).fill('Another-of-mine-2');
    expect(await violationsOn(page, 'sign-in')).toEqual([]);
    await refuseOnce(page, 'ConfirmForgotPassword', {
      __type: 'CodeMismatchException',
      message: 'Invalid verification code provided, please try again.',
    });
    await page.getByRole('button', { name: 'Set password', exact: true }).click();
    await page.getByRole('alert').getByText('Invalid verification code provided').waitFor();
    await page.getByRole('button', { name: 'Set password', exact: true }).click();
    await page.getByLabel('Password', { exact: true }).fill('Another-of-mine-2');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('link', { name: 'order-lookup' }).waitFor();
  });

  test('who may only look sees no button that would be refused', async () => {
    const { page } = await signedIn(dashboard, 'viewer');
    await page.getByRole('link', { name: 'order-writer' }).click();
    await page.getByText('Nothing triggers this agent yet').waitFor();
    for (const name of ['Run by hand', 'Add inbound connector', 'Add outbound connector']) {
      expect(await page.getByRole('button', { name }).count()).toBe(0);
    }
    await page.goto('/connectors');
    await page.getByRole('heading', { name: 'Connectors', exact: true }).waitFor();
    expect(await page.getByRole('link', { name: /create/i }).count()).toBe(0);
    await page.goto('/settings');
    await page.getByText(', viewer', { exact: false }).waitFor();
  });
});
