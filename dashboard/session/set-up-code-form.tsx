import { useState } from 'react';
import { AuthenticatorSecret } from './authenticator-secret.tsx';
import { CodeInput } from './code-input.tsx';
import type { NewSecret } from './cognito-users.ts';
import { SignInCard, type SignInStep, StartAgain, SubmitButton } from './sign-in-card.tsx';

export interface SetUpCodeFormProps extends SignInStep {
  readonly secret: NewSecret;
  readonly onCode: (code: string) => void;
}

/** Sets up the second factor that the system requires and the user lacks. */
export function SetUpCodeForm({ secret, onCode, error, isPending, onStartAgain }: SetUpCodeFormProps) {
  const [code, setCode] = useState('');
  return (
    <SignInCard
      title="Set up a second factor"
      summary="This system requires a code from an authenticator app."
      error={error}
      onSubmit={() => code !== '' && onCode(code)}
    >
      <AuthenticatorSecret secret={secret} />
      <CodeInput value={code} onChange={setCode} description="The current code in the app." />
      <SubmitButton isPending={isPending} isComplete={code !== ''}>
        Confirm and sign in
      </SubmitButton>
      <StartAgain onClick={onStartAgain} />
    </SignInCard>
  );
}
