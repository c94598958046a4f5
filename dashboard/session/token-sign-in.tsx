import { Anchor, PasswordInput, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { fetchCaller } from '../api/caller.ts';
import { ApiFailure } from '../api/request.ts';
import { signIn } from './session.ts';
import { SignInCard, SubmitButton } from './sign-in-card.tsx';

/** Asks for a token that the API accepts, and tries it before it is kept. */
export function TokenSignIn() {
  const [token, setToken] = useState('');
  const check = useMutation({
    mutationFn: (given: string) => fetchCaller(given),
    onSuccess: (caller, given) => signIn({ token: given, caller }),
  });
  const submit = () => {
    if (token.trim() !== '') check.mutate(token.trim());
  };
  return (
    <SignInCard title="Sign in" summary="Use the admin token or an API key." onSubmit={submit}>
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
        The first start printed the admin token and saved it in the data folder, as{' '}
        <code>.data/admin-token</code>. This page keeps it in this tab only.
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
