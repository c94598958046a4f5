import {
  fetchMFAPreference,
  getCurrentUser,
  setUpTOTP,
  updateMFAPreference,
  verifyTOTPSetup,
} from '@aws-amplify/auth';
import { type NewSecret, newSecret } from './cognito-users.ts';

/** Whether who is signed in is asked for the code of an authenticator app. */
export async function hasSecondFactor(): Promise<boolean> {
  const { enabled = [] } = await fetchMFAPreference();
  return enabled.includes('TOTP');
}

/** A secret for an authenticator app of who is signed in. It counts once `confirmSecondFactor` has had a code of it. */
export async function beginSecondFactor(): Promise<NewSecret> {
  const [details, { signInDetails }] = await Promise.all([setUpTOTP(), getCurrentUser()]);
  return newSecret(details, signInDetails?.loginId);
}

/** Makes the secret count, and the next sign-in ask for its codes. Rejects with Cognito's sentence where the code is wrong. */
export async function confirmSecondFactor(code: string): Promise<void> {
  await verifyTOTPSetup({ code });
  await updateMFAPreference({ totp: 'PREFERRED' });
}

/** From now on the password is enough, where the system does not require more. */
export function endSecondFactor(): Promise<void> {
  return updateMFAPreference({ totp: 'DISABLED' });
}
