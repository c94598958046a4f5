import { Button } from '@mantine/core';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useRef } from 'react';
import type { WireRunSummary } from '../../src/api/contract/run.ts';
import { useConnectorNames } from '../api/connectors.ts';
import { counted } from '../format/numbers.ts';
import { Problem } from '../parts/problem.tsx';
import { useIsNarrow } from '../parts/use-is-narrow.ts';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { BulkActions } from './bulk-actions.tsx';
import { ChoiceBox } from './choice-box.tsx';
import classes from './run-list.module.css';
import { RunListRow } from './run-list-row.tsx';
import { useHeldRuns } from './use-held-runs.ts';
import { type Selection, useSelection } from './use-selection.ts';

export interface RunListProps {
  readonly runs: readonly WireRunSummary[];
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Why the next page failed to load. */
  readonly failure: Error | null;
  readonly onLoadMore: () => void;
}

/** Height of a row and, on a narrow screen, of a card, in px. Keep them in sync with the style sheet. */
const rowHeightPx = { row: 44, card: 72 };
/** How many rows beyond the visible ones are rendered, and how near the end loads the next page. */
const overscan = 12;

/** The run list. Only visible rows are in the document, however many are loaded. */
export function RunList({ runs, hasMore, isLoadingMore, failure, onLoadMore }: RunListProps) {
  const { shown, newer, showNewer } = useHeldRuns(runs);
  const selection = useSelection(runs);
  const nameOf = useConnectorNames();
  const table = useRef<HTMLTableElement>(null);
  const rows = useRowsInSight(shown, table);
  const isNearEnd = rows.last >= shown.length - overscan;
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoadingMore && failure === null) onLoadMore();
  }, [isNearEnd, hasMore, isLoadingMore, failure, onLoadMore]);
  return (
    <>
      <OperatorsOnly>
        <BulkActions selected={selection.selected} onDone={selection.clear} />
      </OperatorsOnly>
      {newer > 0 && (
        <Button className={classes.newer} onClick={showNewer} radius="xl">
          {counted(newer, 'new run')}
        </Button>
      )}
      <div className={classes.scroll}>
        <table
          ref={table}
          className={classes.table}
          aria-label="Runs"
          aria-rowcount={hasMore ? -1 : shown.length + 1}
        >
          <RunListHead selection={selection} />
          <Spacer height={rows.above} />
          <tbody>
            {shown.slice(rows.first, rows.last + 1).map((run, offset) => (
              <RunListRow
                key={run.run_id}
                run={run}
                connectorName={run.connector_id === null ? null : nameOf(run.connector_id).name}
                rowIndex={rows.first + offset + 2}
                isSelected={selection.has(run.run_id)}
                onToggle={selection.toggle}
              />
            ))}
          </tbody>
          <Spacer height={rows.below} />
        </table>
      </div>
      {failure === null ? (
        <p className={classes.end} role="status">
          {isLoadingMore ? 'Loading more' : hasMore ? '' : 'End of list'}
        </p>
      ) : (
        <Problem error={failure} onRetry={onLoadMore} />
      )}
    </>
  );
}

function RunListHead({ selection }: { selection: Selection }) {
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th className={classes.choice}>
          <OperatorsOnly>
            <ChoiceBox
              label="Select all loaded runs"
              isChosen={selection.isAll}
              isPartly={!selection.isAll && selection.selected.length > 0}
              onToggle={selection.toggleAll}
            />
          </OperatorsOnly>
        </th>
        <th className={classes.status}>Status</th>
        <th>Agent</th>
        <th className={classes.connector}>Connector</th>
        <th className={classes.number}>Duration</th>
        <th className={classes.number}>Tokens</th>
        <th className={classes.number}>Cost</th>
        <th className={classes.time}>Queued</th>
      </tr>
    </thead>
  );
}

/** Reserves the space of rows out of sight. */
function Spacer({ height }: { height: number }) {
  return (
    <tbody aria-hidden="true" className={classes.spacer}>
      <tr>
        <td colSpan={8} style={{ height }} />
      </tr>
    </tbody>
  );
}

/** The visible rows, and the height of those above and below, in px. */
function useRowsInSight(shown: readonly WireRunSummary[], table: RefObject<HTMLElement | null>) {
  const isNarrow = useIsNarrow();
  const rowHeight = isNarrow ? rowHeightPx.card : rowHeightPx.row;
  const scrollMargin =
    table.current === null ? 0 : table.current.getBoundingClientRect().top + window.scrollY;
  const virtualizer = useWindowVirtualizer({
    count: shown.length,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was measured before holds for rows of the other height
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? -1;
  return { first, last, above: first * rowHeight, below: (shown.length - 1 - last) * rowHeight };
}
