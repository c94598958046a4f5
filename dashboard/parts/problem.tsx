import { Button } from '@mantine/core';
import classes from './state.module.css';

export interface ProblemProps {
  readonly title?: string;
  readonly error: Error;
  readonly onRetry: () => void;
}

/** An error in place of an answer, with a retry button. */
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
