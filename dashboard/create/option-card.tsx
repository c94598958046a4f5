import type { ReactNode } from 'react';
import { Link } from 'wouter';
import classes from './option-card.module.css';

/** A choice of one option. */
export function OptionGrid({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <h2 className={classes.question}>{title}</h2>
      <div className={classes.grid}>{children}</div>
    </section>
  );
}

export interface OptionCardProps {
  readonly path: string;
  readonly icon: ReactNode;
  readonly title: string;
  readonly summary: string;
  readonly marks?: readonly string[];
}

/** An option; clicking it goes to the next step. */
export function OptionCard({ path, icon, title, summary, marks = [] }: OptionCardProps) {
  return (
    <Link href={path} className={classes.card}>
      <span className={classes.icon}>{icon}</span>
      <span className={classes.title}>{title}</span>
      <span className={classes.summary}>{summary}</span>
      {marks.length > 0 && (
        <span className={classes.marks}>
          {marks.map((mark) => (
            <span key={mark} className={classes.mark}>
              {mark}
            </span>
          ))}
        </span>
      )}
    </Link>
  );
}
