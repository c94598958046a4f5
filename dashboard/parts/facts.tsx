import type { ReactNode } from 'react';
import classes from './facts.module.css';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** Labelled facts, one per line; `false` omits a line. */
export function Facts({ items }: { items: readonly (Fact | false)[] }) {
  return (
    <dl className={classes.facts}>
      {items
        .filter((item) => item !== false)
        .map(({ label, value }) => (
          <div key={label} className={classes.fact}>
            <dt className={classes.label}>{label}</dt>
            <dd className={classes.value}>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
