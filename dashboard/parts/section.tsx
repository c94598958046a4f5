import type { ReactNode } from 'react';
import classes from './section.module.css';

export interface SectionProps {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** Without padding, for tables that reach the edges. */
  readonly flush?: boolean;
  /** Whether the section takes keyboard focus for scrolling, because nothing inside does. */
  readonly hasStop?: boolean;
}

/** A titled block of a page. */
export function Section({ title, actions, children, flush = false, hasStop = false }: SectionProps) {
  return (
    <section className={classes.section} aria-label={title}>
      <header className={classes.header}>
        <h2 className={classes.title}>{title}</h2>
        {actions}
      </header>
      <div className={flush ? classes.flush : classes.body} {...(hasStop && { tabIndex: 0 })}>
        {children}
      </div>
    </section>
  );
}
