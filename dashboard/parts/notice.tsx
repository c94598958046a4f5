import { IconAlertTriangle, IconCircleX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './notice.module.css';

export interface NoticeProps {
  readonly tone: 'bad' | 'warn';
  readonly title: string;
  readonly children?: ReactNode;
}

/** Something that needs attention, shown where it belongs. Screen readers announce it immediately. */
export function Notice({ tone, title, children }: NoticeProps) {
  const Mark = tone === 'bad' ? IconCircleX : IconAlertTriangle;
  return (
    <div className={classes.notice} data-tone={tone} role="alert">
      <Mark size={16} className={classes.mark} aria-hidden="true" />
      <div className={classes.text}>
        <p className={classes.title}>{title}</p>
        {children}
      </div>
    </div>
  );
}
