import { Anchor, PasswordInput, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchSession, startSessionByLink, startSessionByToken } from '../api/page-session.ts';
import { ApiFailure } from '../api/request.ts';
import { Loading } from '../parts/loading.tsx';
import { entryKey } from './entry-key.ts';
import { signIn, whySignedOut } from './session.ts';
import { SignInCard, SubmitButton } from './sign-in-card.tsx';
import { signInCode } from './sign-in-code.ts';

/** Signs in with a sign-in link or another tab's cookie; otherwise asks for a token. */
export function TokenSignIn() {
  const entry = useEntry();
  return entry.isLoading ? <Loading /> : <TokenForm refused={entry.error} />;
}

/** Does not sign users in again right after they signed out, while the cookie still exists. */
function useEntry() {
  return useQuery({
    queryKey: [entryKey],
    queryFn: async () => {
      const caller = signInCode === null ? await fetchSession() : await startSessionByLink(signInCode);
      if (caller !== null) signIn({ token: null, caller });
      return caller;
    },
    enabled: whySignedOut() === 'never',
    retry: false,
    staleTime: 'static',
  });
}

/** Asks for a token and starts a session with it. */
function TokenForm({ refused }: { refused: Error | null }) {
  const [token, setToken] = useState('');
  const check = useMutation({
    mutationFn: (given: string) => startSessionByToken(given),
    onSuccess: (caller) => {
      if (caller !== null) signIn({ token: null, caller });
    },
  });
  const submit = () => {
    if (token.trim() !== '') check.mutate(token.trim());
  };
  return (
    <SignInCard
      title="Sign in"
      summary="Use the admin token or an API key."
      error={check.isIdle ? refused : null}
      onSubmit={submit}
    >
      <PasswordInput
        label="Token"
        name="token"
        autoComplete="current-password"
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        error={check.error === null ? undefined : explain(check.error)}
        data-autofocus
        autoFocus
      />
      <SubmitButton isPending={check.isPending} isComplete={token.trim() !== ''}>
        Sign in
      </SubmitButton>
      <Text size="xs" c="dimmed" mt="lg">
        <code>npx connectors dashboard</code> prints a link that signs you in. The admin token is in the data
        folder, in <code>.data/admin-token</code>.
      </Text>
      <Anchor size="xs" href="/api/v1/openapi.json">
        API reference (OpenAPI)
      </Anchor>
    </SignInCard>
  );
}

function explain(thrown: Error): string {
  if (thrown instanceof ApiFailure && thrown.status === 401) return 'This token is not valid.';
  return thrown.message;
}
