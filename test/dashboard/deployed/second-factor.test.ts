import { describe, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { violationsOn } from '../examine-page.ts';
import { enter } from '../shown-system.ts';
import { useDashboard } from '../use-dashboard.ts';
import { codeOf } from './authenticator.ts';
import { ownPassword, signedIn } from './pool-user.ts';

const dashboard = useDashboard();

/** Signs out, and in again as far as name and password go. */
async function enterAgain(page: Page, username: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await enter(page, {
    fields: [
      ['Email address', username],
      ['Password', ownPassword],
    ],
    refusal: '',
  });
}

/** Reads the key as somebody does who types it, and finds the same in the link for apps. */
async function keyIn(place: Page | Locator, username: string): Promise<string> {
  await place.getByRole('img', { name: 'QR code' }).waitFor();
  const shown = await place.getByText(/^([A-Z2-7]{4} ?){4,}$/).textContent();
  const key = (shown ?? '').replaceAll(' ', '');
  const link = new URL(
    (await place.getByRole('link', { name: 'open the app on this device' }).getAttribute('href')) ?? '',
  );
  expect(link.protocol).toBe('otpauth:');
  expect(decodeURIComponent(link.pathname)).toBe(`/Agent Connectors:${username}`);
  expect(Object.fromEntries(link.searchParams)).toEqual({ secret: key, issuer: 'Agent Connectors' });
  return key;
}

/** The exception `second-factor-challenge` (see test/aws/exceptions.ts): once, a right password is answered with it. */
async function requireSecondFactor(page: Page): Promise<void> {
  let isAnswered = false;
  await page.route('https://cognito-idp.us-east-1.amazonaws.com/', async (route) => {
    const target = route.request().headers()['x-amz-target'] ?? '';
    if (isAnswered || !target.endsWith('.RespondToAuthChallenge')) return route.fallback();
    isAnswered = true;
    return route.fulfill({
      headers: { 'access-control-allow-origin': '*' },
      json: {
        ChallengeName: 'MFA_SETUP',
        Session: 'a-session-of-cognito',
        ChallengeParameters: { MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]' },
      },
    });
  });
}

describe('a second factor', () => {
  test('is set up by its user, asked for at the next sign-in, and turned off again', async () => {
    const { page, user } = await signedIn(dashboard, 'operator');
    await page.goto('/settings');
    const security = page.getByRole('region', { name: 'Security' });
    await security.getByText('Signing in requires only your password.').waitFor();
    await security.getByRole('button', { name: 'Set up an authenticator app' }).click();
    const dialog = page.getByRole('dialog', { name: 'Set up an authenticator app' });
    const key = await keyIn(dialog, user.username);
    expect(await violationsOn(page, 'sign-in')).toEqual([]);
    const right = codeOf(key);
    await dialog.getByLabel('Code', { exact: true }).fill(right === '000000' ? '000001' : '000000');
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Code', { exact: true }).fill(codeOf(key));
    await dialog.getByRole('button', { name: 'Confirm' }).click();
    await security.getByText('your password and a code from your authenticator app').waitFor();

    await enterAgain(page, user.username);
    await page.getByLabel('Code', { exact: true }).fill(codeOf(key));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await security.getByRole('button', { name: 'Turn off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Turn off' }).click();
    await security.getByText('Signing in requires only your password.').waitFor();
  });

  test('is set up at the sign-in by who has to have one', async () => {
    const { page, user } = await signedIn(dashboard, 'viewer');
    await requireSecondFactor(page);
    await enterAgain(page, user.username);
    await page.getByRole('heading', { name: 'Set up a second factor' }).waitFor();
    const key = await keyIn(page, user.username);
    expect(await violationsOn(page, 'sign-in')).toEqual([]);
    const right = codeOf(key);
    await page.getByLabel('Code', { exact: true }).fill(right === '000000' ? '000001' : '000000');
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Code', { exact: true }).fill(codeOf(key));
    await page.getByRole('button', { name: 'Confirm and sign in' }).click();
    await page.getByRole('link', { name: 'order-lookup' }).waitFor();
  });
});
