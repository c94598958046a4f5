import { useState } from 'react';
import { NewPasswordInput } from './new-password-input.tsx';
import { SignInCard, type SignInStep, StartAgain, SubmitButton } from './sign-in-card.tsx';

export interface FirstPasswordFormProps extends SignInStep {
  readonly onChosen: (password: string) => void;
}

/** Replaces a temporary password with the user's own. */
export function FirstPasswordForm({ onChosen, error, isPending, onStartAgain }: FirstPasswordFormProps) {
  const [password, setPassword] = useState('');
  return (
    <SignInCard
      title="Choose a password"
      summary="Your temporary password works only once."
      error={error}
      onSubmit={() => password !== '' && onChosen(password)}
    >
      <NewPasswordInput value={password} onChange={setPassword} isFirst />
      <SubmitButton isPending={isPending} isComplete={password !== ''}>
        Set password and sign in
      </SubmitButton>
      <StartAgain onClick={onStartAgain} />
    </SignInCard>
  );
}
