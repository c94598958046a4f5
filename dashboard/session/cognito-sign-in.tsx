import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { CodeForm } from './code-form.tsx';
import { answerChallenge, enter, type NextStep, openUserPool, type UserPool } from './cognito-users.ts';
import { enterSystem } from './enter-system.ts';
import { FirstPasswordForm } from './first-password-form.tsx';
import { ForgottenPasswordForm } from './forgotten-password-form.tsx';
import { PasswordForm } from './password-form.tsx';
import { SetUpCodeForm } from './set-up-code-form.tsx';

type Step = { readonly step: 'password' } | Exclude<NextStep, { step: 'done' }>;

/** Signs in users of a Cognito user pool, through the steps that Cognito requires. */
export default function CognitoSignIn({ pool }: { pool: UserPool }) {
  const [username, setUsername] = useState('');
  const [step, setStep] = useState<Step>({ step: 'password' });
  useEffect(() => openUserPool(pool), [pool]);
  const attempt = useMutation({
    mutationFn: async (answer: () => Promise<NextStep>) => {
      const next = await answer();
      if (next.step === 'done') await enterSystem(next.token);
      else setStep(next);
    },
  });
  const goTo = (next: Step) => {
    attempt.reset();
    setStep(next);
  };
  const form = {
    error: attempt.error,
    isPending: attempt.isPending,
    onStartAgain: () => goTo({ step: 'password' }),
  };
  const respond = (response: string) => attempt.mutate(() => answerChallenge(response, username));
  switch (step.step) {
    case 'password':
      return (
        <PasswordForm
          {...form}
          username={username}
          onUsername={setUsername}
          onEnter={(password) => attempt.mutate(() => enter(username, password))}
          onForgotten={() => goTo({ step: 'reset-password' })}
        />
      );
    case 'first-password':
      return <FirstPasswordForm {...form} onChosen={respond} />;
    case 'code':
      return <CodeForm {...form} onCode={respond} />;
    case 'set-up-code':
      return <SetUpCodeForm {...form} secret={step.secret} onCode={respond} />;
    case 'reset-password':
      return (
        <ForgottenPasswordForm username={username} onUsername={setUsername} onDone={form.onStartAgain} />
      );
  }
}
