import {
  confirmResetPassword,
  confirmSignIn,
  resetPassword,
  type SetUpTOTPOutput,
  type SignInOutput,
  signIn,
  signOut,
} from '@aws-amplify/auth';
import { cognitoUserPoolsTokenProvider } from '@aws-amplify/auth/cognito';
import { Amplify, fetchAuthSession, sessionStorage } from '@aws-amplify/core';
import type { SignInWay } from '../../src/api/contract/page-settings.ts';
import { ApiFailure } from '../api/request.ts';

export type UserPool = Extract<SignInWay, { way: 'cognito' }>;

/** What Cognito wants next of who signs in. */
export type NextStep =
  | { readonly step: 'done'; readonly token: string }
  | { readonly step: 'first-password' | 'code' | 'reset-password' }
  | { readonly step: 'set-up-code'; readonly secret: NewSecret };

/** What an authenticator app makes its codes of. */
export interface NewSecret {
  /** In Base32, for typing. */
  readonly key: string;
  /** The same as an `otpauth:` address, which apps take as a QR code or a link. */
  readonly uri: string;
}

/**
 * The users of the pool, by the library that AWS keeps for it: passwords are proved by SRP and never sent. Its tokens
 * survive a reload of this tab, as the page's own session does, and no more.
 */
export function openUserPool({ user_pool_id: userPoolId, client_id: userPoolClientId }: UserPool): void {
  const Cognito = { userPoolId, userPoolClientId };
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(sessionStorage);
  Amplify.configure({ Auth: { Cognito } }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
}

/** Begins a sign-in. Rejects with Cognito's own sentence where it refuses. */
export async function enter(username: string, password: string): Promise<NextStep> {
  await leave();
  return nextStep(await signIn({ username, password }), username);
}

/** Answers what `first-password`, `code` or `set-up-code` asked for. */
export async function answerChallenge(challengeResponse: string, username: string): Promise<NextStep> {
  return nextStep(await confirmSignIn({ challengeResponse }), username);
}

/** Has Cognito send a code to the mail address of the user. */
export async function askForResetCode(username: string): Promise<void> {
  await resetPassword({ username });
}

/** Chooses another password with the code that was sent. */
export function choosePassword(
  username: string,
  confirmationCode: string,
  newPassword: string,
): Promise<void> {
  return confirmResetPassword({ username, confirmationCode, newPassword });
}

/** Another token for who is signed in; `null` where the person has to sign in again. */
export async function renewedToken(): Promise<string | null> {
  const { tokens } = await fetchAuthSession({ forceRefresh: true }).catch((thrown: unknown) => {
    if (isAway(thrown)) throw new ApiFailure(0, 'unreachable', 'Cognito is not responding.');
    return { tokens: undefined };
  });
  return tokens?.accessToken.toString() ?? null;
}

/** Forgets the tokens and revokes what renews them, where Cognito can be reached. */
export async function leave(): Promise<void> {
  await signOut().catch(() => undefined);
}

/** @param accountName what the app shows beside the codes; absent for Cognito's own id of the user */
export function newSecret({ sharedSecret, getSetupUri }: SetUpTOTPOutput, accountName?: string): NewSecret {
  return { key: sharedSecret, uri: getSetupUri('Agent Connectors', accountName).href };
}

async function nextStep({ nextStep: next }: SignInOutput, username: string): Promise<NextStep> {
  switch (next.signInStep) {
    case 'DONE':
      return { step: 'done', token: await currentAccessToken() };
    case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
      return { step: 'first-password' };
    case 'CONFIRM_SIGN_IN_WITH_TOTP_CODE':
      return { step: 'code' };
    case 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP':
      return { step: 'set-up-code', secret: newSecret(next.totpSetupDetails, username) };
    case 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION':
    case 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION':
      // A pool whose operators have turned on other kinds too: this page has the one for apps.
      return answerChallenge('TOTP', username);
    case 'RESET_PASSWORD':
      return { step: 'reset-password' };
    default:
      throw new Error(
        `This page does not support the sign-in step ${next.signInStep} that Cognito requires.`,
      );
  }
}

async function currentAccessToken(): Promise<string> {
  const { tokens } = await fetchAuthSession();
  if (tokens === undefined) throw new Error('Cognito returned no token.');
  return tokens.accessToken.toString();
}

function isAway(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'NetworkError';
}
