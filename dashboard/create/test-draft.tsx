import { useMutation } from '@tanstack/react-query';
import type { DraftTest } from '../../src/api/contract/connector.ts';
import type { CheckConnectorBody } from '../../src/api/contract/connector-type.ts';
import { testDraft } from '../api/marketplace.ts';
import callIt from '../connectors/call-it.module.css';
import { TestButton } from '../connectors/test-button.tsx';
import { TestOutcome } from '../connectors/test-outcome.tsx';
import type { Json } from '../forms/field.ts';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';

export interface TestDraftProps {
  readonly type: string;
  readonly mode: CheckConnectorBody['mode'];
  /** How the draft is tested. */
  readonly kind: DraftTest['tested'];
  readonly config: Json;
  /** Name of the connection that gives the other fields. */
  readonly connection: string | null;
  /** Whether the form finds no problems with it. */
  readonly isComplete: boolean;
}

const notes = {
  connection: 'Connects as the connector would. Reads and writes nothing.',
  delivery: 'Sends a sample result to the target, signed with a temporary secret.',
};

/** Tests the draft before anything is created. The outcome is shown until the draft changes. */
export function TestDraft({ type, mode, kind, config, connection, isComplete }: TestDraftProps) {
  const test = useMutation({
    mutationFn: (tested: Json) => testDraft(type, { mode, config: tested, connection }),
    // The result may contain typed secrets.
    gcTime: 0,
  });
  const isCurrent = test.variables === config;
  return (
    <Section title="Try it first">
      <p className={callIt.note}>{notes[kind]}</p>
      <TestButton
        kind={kind}
        isPending={test.isPending}
        isDisabled={!isComplete}
        onClick={() => test.mutate(config)}
      />
      {isCurrent && test.error !== null && <Notice tone="bad" title={test.error.message} />}
      {isCurrent && test.data !== undefined && <TestOutcome test={test.data} />}
    </Section>
  );
}
