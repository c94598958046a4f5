import { memo } from 'react';
import { Link } from 'wouter';
import type { WireRunSummary } from '../../src/api/contract/run.ts';
import { costText, countText } from '../format/numbers.ts';
import { StatusBadge } from '../parts/status-badge.tsx';
import { ClockTime, ComingTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { ChoiceBox } from './choice-box.tsx';
import { RunDuration } from './run-duration.tsx';
import classes from './run-list.module.css';

export interface RunListRowProps {
  readonly run: WireRunSummary;
  /** `null` for a run by hand. */
  readonly connectorName: string | null;
  readonly rowIndex: number;
  readonly isSelected: boolean;
  readonly onToggle: (id: string) => void;
}

/** A run in the list; rerenders only when its data changes. */
export const RunListRow = memo(function RunListRow(props: RunListRowProps) {
  const { run, connectorName, rowIndex, isSelected, onToggle } = props;
  return (
    <tr aria-rowindex={rowIndex} data-selected={isSelected}>
      <td className={classes.choice}>
        <OperatorsOnly>
          <ChoiceBox
            label={`Select run ${run.run_id}`}
            isChosen={isSelected}
            onToggle={() => onToggle(run.run_id)}
          />
        </OperatorsOnly>
      </td>
      <td>
        <StatusBadge status={run.status} />
      </td>
      <td>
        <Link href={`/runs/${run.run_id}`} className={classes.link}>
          {run.agent_name}
        </Link>
        {run.error !== null && (
          <div className={classes.error} title={run.error.message}>
            {run.error.message}
          </div>
        )}
      </td>
      <td className={classes.soft} title={connectorName ?? undefined}>
        {connectorName ?? 'by hand'}
      </td>
      <td className={classes.number}>
        {run.status === 'scheduled' && run.scheduled_at !== null ? (
          <ComingTime at={run.scheduled_at} />
        ) : (
          <RunDuration run={run} />
        )}
      </td>
      <td className={classes.number}>{run.token_usage === null ? '–' : countText(run.token_usage.total)}</td>
      <td className={classes.number}>{costText(run.cost_usd)}</td>
      <td className={classes.soft}>
        <ClockTime at={run.queued_at} />
      </td>
    </tr>
  );
});
