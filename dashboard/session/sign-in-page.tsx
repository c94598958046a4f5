import { Suspense } from 'react';
import type { SignInWay } from '../../src/api/contract/page-settings.ts';
import { loadLater } from '../parts/load-later.ts';
import { Loading } from '../parts/loading.tsx';
import { TokenSignIn } from './token-sign-in.tsx';

const CognitoSignIn = loadLater(() => import('./cognito-sign-in.tsx'));

/** The page for users who are not signed in. */
export function SignInPage({ signIn }: { signIn: SignInWay }) {
  if (signIn.way === 'token') return <TokenSignIn />;
  return (
    <Suspense fallback={<Loading />}>
      <CognitoSignIn pool={signIn} />
    </Suspense>
  );
}
