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

/** The next step that Cognito requires. */
export type NextStep =
  | { readonly step: 'done'; readonly token: string }
  | { readonly step: 'first-password' | 'code' | 'reset-password' }
  | { readonly step: 'set-up-code'; readonly secret: NewSecret };

/** The secret from which an authenticator app derives its codes. */
export interface NewSecret {
  /** In Base32, for typing. */
  readonly key: string;
  /** The same as an `otpauth:` URI, which apps accept as a QR code or a link. */
  readonly uri: string;
}

/**
 * Configures the AWS library for the pool's users: SRP proves passwords without sending them. Like the page's own
 * session, its tokens survive only reloads of this tab.
 */
export function openUserPool({ user_pool_id: userPoolId, client_id: userPoolClientId }: UserPool): void {
  const Cognito = { userPoolId, userPoolClientId };
  cognitoUserPoolsTokenProvider.setAuthConfig({ Cognito });
  cognitoUserPoolsTokenProvider.setKeyValueStorage(sessionStorage);
  Amplify.configure({ Auth: { Cognito } }, { Auth: { tokenProvider: cognitoUserPoolsTokenProvider } });
}

/** Starts a sign-in. Rejects with Cognito's message if it is refused. */
export async function enter(username: string, password: string): Promise<NextStep> {
  await leave();
  return nextStep(await signIn({ username, password }), username);
}

/** Answers a `first-password`, `code`, or `set-up-code` step. */
export async function answerChallenge(challengeResponse: string, username: string): Promise<NextStep> {
  return nextStep(await confirmSignIn({ challengeResponse }), username);
}

/** Has Cognito mail a reset code to the user. */
export async function askForResetCode(username: string): Promise<void> {
  await resetPassword({ username });
}

/** Sets a new password with the mailed code. */
export function choosePassword(
  username: string,
  confirmationCode: string,
  newPassword: string,
): Promise<void> {
  return confirmResetPassword({ username, confirmationCode, newPassword });
}

/** A new token for the current user; `null` if a new sign-in is required. */
export async function renewedToken(): Promise<string | null> {
  const { tokens } = await fetchAuthSession({ forceRefresh: true }).catch((thrown: unknown) => {
    if (isAway(thrown)) throw new ApiFailure(0, 'unreachable', 'Cognito is not responding.');
    return { tokens: undefined };
  });
  return tokens?.idToken?.toString() ?? null;
}

/** Deletes the tokens and revokes the refresh token if Cognito can be reached. */
export async function leave(): Promise<void> {
  await signOut().catch(() => undefined);
}

/** @param accountName label in the app; Cognito's user ID if absent */
export function newSecret({ sharedSecret, getSetupUri }: SetUpTOTPOutput, accountName?: string): NewSecret {
  return { key: sharedSecret, uri: getSetupUri('Agent Connectors', accountName).href };
}

async function nextStep({ nextStep: next }: SignInOutput, username: string): Promise<NextStep> {
  switch (next.signInStep) {
    case 'DONE':
      return { step: 'done', token: await currentToken() };
    case 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED':
      return { step: 'first-password' };
    case 'CONFIRM_SIGN_IN_WITH_TOTP_CODE':
      return { step: 'code' };
    case 'CONTINUE_SIGN_IN_WITH_TOTP_SETUP':
      return { step: 'set-up-code', secret: newSecret(next.totpSetupDetails, username) };
    case 'CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION':
    case 'CONTINUE_SIGN_IN_WITH_MFA_SELECTION':
      // The pool offers other second factors, too; this page supports authenticator apps.
      return answerChallenge('TOTP', username);
    case 'RESET_PASSWORD':
      return { step: 'reset-password' };
    default:
      throw new Error(
        `This page does not support the sign-in step ${next.signInStep} that Cognito requires.`,
      );
  }
}

/** The ID token: unlike the access token, it has the e-mail address, by which the system names users. */
async function currentToken(): Promise<string> {
  const { tokens } = await fetchAuthSession();
  if (tokens?.idToken === undefined) throw new Error('Cognito returned no token.');
  return tokens.idToken.toString();
}

function isAway(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'NetworkError';
}
