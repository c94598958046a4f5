import type { ReactNode } from 'react';
import classes from './numbers.module.css';

export interface NumbersProps {
  readonly title: string;
  readonly items: readonly { readonly label: string; readonly value: ReactNode }[];
}

/** A row of figures with labels. */
export function Numbers({ title, items }: NumbersProps) {
  return (
    <dl className={classes.numbers} aria-label={title}>
      {items.map(({ label, value }) => (
        <div key={label} className={classes.item}>
          <dt className={classes.label}>{label}</dt>
          <dd className={classes.value}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
