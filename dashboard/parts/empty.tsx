import type { ReactNode } from 'react';
import classes from './state.module.css';

export interface EmptyProps {
  readonly title: string;
  /** What to do first. */
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Shown for an empty list: says what belongs here and what to do first. */
export function Empty({ title, children, action }: EmptyProps) {
  return (
    <div className={classes.state}>
      <p className={classes.title}>{title}</p>
      {children !== undefined && <div className={classes.text}>{children}</div>}
      {action}
    </div>
  );
}
