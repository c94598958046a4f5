import { Select } from '@mantine/core';
import type { TriedFilter } from '../../src/api/contract/connector.ts';
import { clockText } from '../format/time.ts';
import { useTimeZone } from '../format/time-zone.ts';
import { Notice } from '../parts/notice.tsx';
import { PayloadEditor } from '../parts/payload-editor.tsx';
import { Section } from '../parts/section.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import classes from './try-out.module.css';
import { ownPayload, type Trial } from './use-trial.ts';

/** What the typed conditions make of a stored event, of a result, or of a payload. Stores and starts nothing. */
export function TryOut({ isOutbound, trial }: { isOutbound: boolean; trial: Trial }) {
  const zone = useTimeZone();
  const stored = trial.subjects.map(({ id, at, outcome }) => ({
    value: id,
    label: `${clockText(at, zone)} · ${outcome}`,
  }));
  return (
    <Section title="Try the filter">
      <p className={classes.note}>
        Shows what these conditions decide while you type. Nothing is stored or started.
      </p>
      {stored.length > 0 && (
        <Select
          label={isOutbound ? 'Result' : 'Event'}
          data={[...stored, { value: ownPayload, label: 'A payload of your own' }]}
          value={trial.subject}
          onChange={(subject) => subject !== null && trial.choose(subject)}
          allowDeselect={false}
          mb="md"
        />
      )}
      {trial.subject === ownPayload && (
        <PayloadEditor
          label="Payload"
          description={isOutbound ? 'JSON with output, status, input, and context.' : 'JSON.'}
          text={trial.text}
          onChange={trial.setText}
        />
      )}
      <div className={classes.verdict} aria-live="polite">
        {trial.isInvalid ? (
          <p className={classes.note}>Correct the condition first.</p>
        ) : (
          trial.error !== null && <Notice tone="bad" title={trial.error.message} />
        )}
        {trial.tried !== undefined && <Verdict tried={trial.tried} />}
      </div>
    </Section>
  );
}

function Verdict({ tried }: { tried: TriedFilter }) {
  if (tried.agents.length === 0) {
    return (
      <p className={classes.note}>
        <Wanted isWanted={tried.wanted} /> {tried.reason ?? 'No agent is linked.'}
      </p>
    );
  }
  return (
    <Table label="Verdict" headings={['Agent', 'Verdict', 'Reason']}>
      {tried.agents.map(({ name, wanted, reason }) => (
        <tr key={name}>
          <td className={table.main}>{name}</td>
          <td>
            <Wanted isWanted={wanted} />
          </td>
          <td className={table.soft}>{reason ?? '–'}</td>
        </tr>
      ))}
    </Table>
  );
}

function Wanted({ isWanted }: { isWanted: boolean }) {
  return <StatusBadge status={isWanted ? 'wanted' : 'not wanted'} />;
}
