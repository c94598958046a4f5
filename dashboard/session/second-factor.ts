import {
  fetchMFAPreference,
  getCurrentUser,
  setUpTOTP,
  updateMFAPreference,
  verifyTOTPSetup,
} from '@aws-amplify/auth';
import { type NewSecret, newSecret } from './cognito-users.ts';

/** Whether the current user's sign-in requires a code from an authenticator app. */
export async function hasSecondFactor(): Promise<boolean> {
  const { enabled = [] } = await fetchMFAPreference();
  return enabled.includes('TOTP');
}

/** A new authenticator secret for the current user. It takes effect after `confirmSecondFactor`. */
export async function beginSecondFactor(): Promise<NewSecret> {
  const [details, { signInDetails }] = await Promise.all([setUpTOTP(), getCurrentUser()]);
  return newSecret(details, signInDetails?.loginId);
}

/** Activates the secret for the next sign-ins. Rejects with Cognito's message if the code is wrong. */
export async function confirmSecondFactor(code: string): Promise<void> {
  await verifyTOTPSetup({ code });
  await updateMFAPreference({ totp: 'PREFERRED' });
}

/** Makes the password sufficient, unless the system requires more. */
export function endSecondFactor(): Promise<void> {
  return updateMFAPreference({ totp: 'DISABLED' });
}
