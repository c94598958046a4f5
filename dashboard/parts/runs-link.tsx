import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { RunFilters } from '../api/runs.ts';
import classes from './runs-link.module.css';

/** Links a number to the runs it counts. */
export function RunsLink({ filters, children }: { filters: RunFilters; children: ReactNode }) {
  return (
    <Link href={`/runs?${new URLSearchParams({ ...filters })}`} className={classes.link}>
      {children}
    </Link>
  );
}
