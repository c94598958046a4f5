import { Button } from '@mantine/core';
import classes from './state.module.css';

/** What happened instead of an answer, with another try. */
export function Problem({ error, onRetry }: { error: Error; onRetry: () => void }) {
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>This could not be loaded</p>
      <div className={classes.text}>{error.message}</div>
      <Button variant="default" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
