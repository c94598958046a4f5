import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './table.module.css';

export interface Heading {
  readonly title: string;
  /** Whether its cells are numbers, aligned right. */
  readonly isNumber?: boolean;
  /** Whether only screen readers get it. */
  readonly isHidden?: boolean;
}

export interface TableProps {
  readonly label?: string;
  /** In the order of the cells. */
  readonly headings: readonly (string | Heading)[];
  /** The rows. */
  readonly children: ReactNode;
}

/** A table with headings. On a narrow screen, each row becomes a card with the headings beside its cells. */
export function Table({ label, headings, children }: TableProps) {
  const columns = headings.map((heading) => (typeof heading === 'string' ? { title: heading } : heading));
  return (
    <table className={`${classes.table} ${classes.cards}`} aria-label={label} style={titlesOfCells(columns)}>
      <thead>
        <tr>
          {columns.map(({ title, isNumber = false, isHidden = false }) => (
            <th key={title} className={isNumber ? classes.number : undefined}>
              {isHidden ? <VisuallyHidden>{title}</VisuallyHidden> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}

/** The headings as custom properties, for cells that are shown outside columns. */
function titlesOfCells(columns: readonly Heading[]): Readonly<Record<`--heading-${number}`, string>> {
  return Object.fromEntries(
    columns.map(({ title, isHidden }, index) => [
      `--heading-${index + 1}`,
      JSON.stringify(isHidden === true ? '' : title),
    ]),
  );
}
