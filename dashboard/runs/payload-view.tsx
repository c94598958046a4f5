import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { WireRun } from '../../src/api/contract/run.ts';
import { CodeBlock } from '../parts/code-block.tsx';
import { Section } from '../parts/section.tsx';
import { describePayload } from './describe-payload.ts';
import { FileList } from './file-list.tsx';
import classes from './payload-view.module.css';

export interface PayloadViewProps {
  readonly title: string;
  readonly value: WireRun['payload'];
  /** Shown if the value is `null`. */
  readonly emptyText?: string;
}

/** A payload or an output, formatted or raw, with its files listed. Always text, never markup. */
export function PayloadView({ title, value, emptyText = 'Nothing.' }: PayloadViewProps) {
  const [view, setView] = useState('formatted');
  const { formatted, raw, files } = describePayload(value);
  return (
    <Section
      title={title}
      actions={
        value !== null && (
          <SegmentedControl
            size="xs"
            aria-label={`${title} format`}
            data={[
              { value: 'formatted', label: 'Formatted' },
              { value: 'raw', label: 'Raw' },
            ]}
            value={view}
            onChange={setView}
          />
        )
      }
    >
      {value === null ? (
        <p className={classes.empty}>{emptyText}</p>
      ) : (
        <>
          <FileList files={files} />
          <CodeBlock
            text={view === 'raw' ? raw : formatted}
            copied={raw}
            what={`the ${title.toLowerCase()}`}
          />
        </>
      )}
    </Section>
  );
}
