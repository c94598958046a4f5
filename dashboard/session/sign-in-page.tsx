import { Anchor, Button, PasswordInput, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiFailure, request } from '../api/request.ts';
import { Logo } from '../shell/logo.tsx';
import { signIn } from './session.ts';
import classes from './sign-in-page.module.css';

/** Asks for the admin token, and tries it before it is kept. */
export function SignInPage() {
  const [token, setToken] = useState('');
  const check = useMutation({
    mutationFn: (given: string) => request('/connectors', { query: { limit: 1 }, token: given }),
    onSuccess: (_answer, given) => signIn(given),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== '') check.mutate(token.trim());
  };
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit} noValidate>
        <Logo />
        <Title order={1} size="h3" mt="md">
          Sign in
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          With the admin token of this system.
        </Text>
        <PasswordInput
          label="Admin token"
          name="token"
          autoComplete="current-password"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          error={check.error === null ? undefined : explain(check.error)}
          data-autofocus
          autoFocus
        />
        <Button
          type="submit"
          fullWidth
          size="sm"
          mt="md"
          loading={check.isPending}
          disabled={token.trim() === ''}
        >
          Sign in
        </Button>
        <Text size="xs" c="dimmed" mt="lg">
          It was printed at the first start and lies in the data folder, in <code>.data/admin-token</code>. It
          stays in this tab only.
        </Text>
        <Anchor size="xs" href="/api/v1/openapi.json">
          API description
        </Anchor>
      </form>
    </main>
  );
}

function explain(thrown: Error): string {
  if (thrown instanceof ApiFailure && thrown.status === 401) return 'This token is not accepted.';
  return thrown.message;
}
