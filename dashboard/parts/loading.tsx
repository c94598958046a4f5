import { Skeleton } from '@mantine/core';
import classes from './loading.module.css';

const rowHeight = 20;
const gap = 14;

/** Holds the place of rows that are on their way, so that nothing jumps when they come. */
export function Loading({ rows = 5 }: { rows?: number }) {
  return (
    <div className={classes.rows} role="status" aria-label="Loading">
      <Skeleton height={rows * (rowHeight + gap) - gap} radius="sm" className={classes.gaps} />
    </div>
  );
}
