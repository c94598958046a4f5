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

/** Shows the sign-in page, or the shell with the current page for signed-in users. */
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

/** Answers that do not depend on the user. */
const keptKeys: ReadonlySet<unknown> = new Set([pageSettingsKey, entryKey]);

/** Removes a user's answers on sign-out, so that the next user cannot see them. */
function useForgetAnswers(isSignedIn: boolean): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (isSignedIn) return;
    queries.removeQueries({ predicate: ({ queryKey }) => !keptKeys.has(queryKey[0]) });
  }, [isSignedIn, queries]);
}
