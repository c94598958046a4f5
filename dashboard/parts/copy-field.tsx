import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import classes from './copy-field.module.css';

export interface CopyFieldProps {
  readonly label: string;
  readonly text: string;
  /** Shown instead of the text, such as dots for a secret. */
  readonly shown?: string;
  /** Shown beside the copy button. */
  readonly actions?: ReactNode;
}

/** A labelled value in monospace with a button that copies it. */
export function CopyField({ label, text, shown, actions }: CopyFieldProps) {
  return (
    <div className={classes.field}>
      <div className={classes.label}>{label}</div>
      <div className={classes.line}>
        <code className={classes.value}>{shown ?? text}</code>
        {actions}
        {text !== '' && <CopyButton text={text} what={`the ${label}`} />}
      </div>
    </div>
  );
}
