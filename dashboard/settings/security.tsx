import { Suspense } from 'react';
import { usePageSettings } from '../api/page-settings.ts';
import { loadLater } from '../parts/load-later.ts';
import { Loading } from '../parts/loading.tsx';
import { Section } from '../parts/section.tsx';

const SecondFactor = loadLater(() => import('./second-factor.tsx'));

/** The current user's sign-in security; only for users with a password of the system. */
export function Security() {
  const { data } = usePageSettings();
  if (data?.sign_in.way !== 'cognito') return null;
  return (
    <Section title="Security">
      <Suspense fallback={<Loading />}>
        <SecondFactor pool={data.sign_in} />
      </Suspense>
    </Section>
  );
}
