import { Anchor, Button, Text, Title } from '@mantine/core';
import { type FormEvent, type ReactNode, useId } from 'react';
import { Notice } from '../parts/notice.tsx';
import { Logo } from '../shell/logo.tsx';
import { whySignedOut } from './session.ts';
import classes from './sign-in-page.module.css';

/** Props of every sign-in step. */
export interface SignInStep {
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly onStartAgain: () => void;
}

export interface SignInCardProps {
  readonly title: string;
  /** One sentence below the title. */
  readonly summary: string;
  readonly error?: Error | null;
  readonly onSubmit: () => void;
  readonly children: ReactNode;
}

/** The layout of every sign-in step. */
export function SignInCard({ title, summary, error = null, onSubmit, children }: SignInCardProps) {
  const titleId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <main className={classes.page}>
      <form className={classes.card} onSubmit={submit} noValidate aria-labelledby={titleId}>
        <Logo />
        <Title order={1} size="h3" mt="md" id={titleId}>
          {title}
        </Title>
        <Text size="sm" c="dimmed" mb="md">
          {summary}
        </Text>
        {whySignedOut() === 'ended' && error === null && (
          <Notice tone="warn" title="Your session has ended. Sign in again." />
        )}
        {error !== null && <Notice tone="bad" title={error.message} />}
        {children}
      </form>
    </main>
  );
}

export interface SubmitButtonProps {
  readonly isPending: boolean;
  readonly isComplete: boolean;
  readonly children: string;
}

export function SubmitButton({ isPending, isComplete, children }: SubmitButtonProps) {
  return (
    <Button type="submit" fullWidth size="sm" mt="md" loading={isPending} disabled={!isComplete}>
      {children}
    </Button>
  );
}

export function StartAgain({ onClick }: { onClick: () => void }) {
  return (
    <Anchor component="button" type="button" size="sm" mt="md" onClick={onClick}>
      Back to sign-in
    </Anchor>
  );
}
