import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { CodeInput } from './code-input.tsx';
import { askForResetCode, choosePassword } from './cognito-users.ts';
import { EmailInput } from './email-input.tsx';
import { NewPasswordInput } from './new-password-input.tsx';
import { SignInCard, StartAgain, SubmitButton } from './sign-in-card.tsx';

export interface ForgottenPasswordFormProps {
  readonly username: string;
  readonly onUsername: (username: string) => void;
  /** Called when the new password is set, or when the user goes back. */
  readonly onDone: () => void;
}

/** Requests a code by mail, then sets a new password with it. */
export function ForgottenPasswordForm(props: ForgottenPasswordFormProps) {
  const ask = useMutation({ mutationFn: askForResetCode });
  return ask.isSuccess ? <ResetForm {...props} /> : <AskForm {...props} ask={ask} />;
}

interface AskFormProps extends ForgottenPasswordFormProps {
  readonly ask: { readonly error: Error | null; readonly isPending: boolean; mutate(username: string): void };
}

function AskForm({ username, onUsername, onDone, ask }: AskFormProps) {
  const isComplete = username.trim() !== '';
  return (
    <SignInCard
      title="Reset password"
      summary="We will send a code to your email address."
      error={ask.error}
      onSubmit={() => isComplete && ask.mutate(username)}
    >
      <EmailInput value={username} onChange={onUsername} />
      <SubmitButton isPending={ask.isPending} isComplete={isComplete}>
        Send code
      </SubmitButton>
      <StartAgain onClick={onDone} />
    </SignInCard>
  );
}

function ResetForm({ username, onDone }: ForgottenPasswordFormProps) {
  const [code, setCode] = useState('');
  const [password, setPassword] = useState('');
  const isComplete = code !== '' && password !== '';
  const reset = useMutation({
    mutationFn: () => choosePassword(username, code, password),
    onSuccess: onDone,
  });
  return (
    <SignInCard
      title="Choose a new password"
      summary={`If ${username} has an account here, a code has been sent to it.`}
      error={reset.error}
      onSubmit={() => isComplete && reset.mutate()}
    >
      <CodeInput value={code} onChange={setCode} />
      <NewPasswordInput value={password} onChange={setPassword} />
      <SubmitButton isPending={reset.isPending} isComplete={isComplete}>
        Set password
      </SubmitButton>
      <StartAgain onClick={onDone} />
    </SignInCard>
  );
}
