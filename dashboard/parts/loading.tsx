import { Skeleton } from '@mantine/core';
import classes from './loading.module.css';

const rowHeight = 20;
const gap = 14;

/** A placeholder for rows that are loading, so that the layout does not jump. */
export function Loading({ rows = 5 }: { rows?: number }) {
  return (
    <div className={classes.rows} role="status" aria-label="Loading">
      <Skeleton height={rows * (rowHeight + gap) - gap} radius="sm" className={classes.gaps} />
    </div>
  );
}
