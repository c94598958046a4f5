import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { PageSettings } from '../src/api/contract/page-settings.ts';
import { pageSettingsKey, usePageSettings } from './api/page-settings.ts';
import { Pages } from './pages.tsx';
import { Answer } from './parts/answer.tsx';
import { entryKey } from './session/entry-key.ts';
import { useCaller } from './session/session.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { Shell } from './shell/shell.tsx';

/** Whoever is not signed in sees the sign-in, everybody else the shell with the page of the address. */
export function System() {
  return <Answer of={usePageSettings()}>{(settings) => <SignedInSystem settings={settings} />}</Answer>;
}

function SignedInSystem({ settings: { sign_in } }: { settings: PageSettings }) {
  const isSignedIn = useCaller() !== null;
  useForgetAnswers(isSignedIn);
  if (!isSignedIn) return <SignInPage signIn={sign_in} />;
  return (
    <Shell>
      <Pages />
    </Shell>
  );
}

/** Answers that belong to nobody. */
const keptKeys: ReadonlySet<unknown> = new Set([pageSettingsKey, entryKey]);

/** What one person has read is not the next one's to see. */
function useForgetAnswers(isSignedIn: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (isSignedIn) return;
    queries.removeQueries({ predicate: ({ queryKey }) => !keptKeys.has(queryKey[0]) });
  }, [isSignedIn, queries]);
}
