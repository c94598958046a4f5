import { Anchor, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { EmailInput } from './email-input.tsx';
import { SignInCard, type SignInStep, SubmitButton } from './sign-in-card.tsx';

export interface PasswordFormProps extends SignInStep {
  readonly username: string;
  readonly onUsername: (username: string) => void;
  readonly onEnter: (password: string) => void;
  readonly onForgotten: () => void;
}

/** Asks for a user name and password. */
export function PasswordForm({
  username,
  onUsername,
  onEnter,
  onForgotten,
  error,
  isPending,
}: PasswordFormProps) {
  const [password, setPassword] = useState('');
  const isComplete = username.trim() !== '' && password !== '';
  return (
    <SignInCard
      title="Sign in"
      summary="Use your account for this system."
      error={error}
      onSubmit={() => isComplete && onEnter(password)}
    >
      <EmailInput value={username} onChange={onUsername} />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="current-password"
        mt="sm"
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <SubmitButton isPending={isPending} isComplete={isComplete}>
        Sign in
      </SubmitButton>
      <Anchor component="button" type="button" size="sm" mt="md" onClick={onForgotten}>
        Forgot your password?
      </Anchor>
    </SignInCard>
  );
}
