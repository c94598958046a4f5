import { Button } from '@mantine/core';
import classes from './state.module.css';

export interface ProblemProps {
  readonly title?: string;
  readonly error: Error;
  readonly onRetry: () => void;
}

/** What happened instead of an answer, with another try. */
export function Problem({ title = 'This could not be loaded', error, onRetry }: ProblemProps) {
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>{title}</p>
      <div className={classes.text}>{error.message}</div>
      <Button variant="default" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
