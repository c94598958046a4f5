import { useState } from 'react';
import { CodeInput } from './code-input.tsx';
import { SignInCard, type SignInStep, StartAgain, SubmitButton } from './sign-in-card.tsx';

export interface CodeFormProps extends SignInStep {
  readonly onCode: (code: string) => void;
}

/** Asks for the second factor. */
export function CodeForm({ onCode, error, isPending, onStartAgain }: CodeFormProps) {
  const [code, setCode] = useState('');
  return (
    <SignInCard
      title="Second factor"
      summary="Enter the current code from your authenticator app."
      error={error}
      onSubmit={() => code !== '' && onCode(code)}
    >
      <CodeInput value={code} onChange={setCode} />
      <SubmitButton isPending={isPending} isComplete={code !== ''}>
        Sign in
      </SubmitButton>
      <StartAgain onClick={onStartAgain} />
    </SignInCard>
  );
}
