import { Button } from '@mantine/core';
import { IconPlugConnected, IconSend } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { CheckConnectorBody, DraftTest } from '../../src/api/contract/connector-type.ts';
import { testDraft } from '../api/marketplace.ts';
import callIt from '../connectors/call-it.module.css';
import { TestOutcome } from '../connectors/test-outcome.tsx';
import { durationText } from '../format/duration.ts';
import type { Json } from '../forms/field.ts';
import { Notice } from '../parts/notice.tsx';
import { Section } from '../parts/section.tsx';

export interface TestDraftProps {
  readonly type: string;
  readonly mode: CheckConnectorBody['mode'];
  /** How such a draft is tested. */
  readonly kind: DraftTest['tested'];
  readonly config: Json;
  /** Whether there is nothing wrong with it as far as that can be told here. */
  readonly isComplete: boolean;
}

const words = {
  connection: {
    button: 'Test the connection',
    note: 'Connects as the connector would. Reads and writes nothing.',
  },
  delivery: {
    button: 'Send a test result',
    note: 'Sends a sample result to the target, signed with a temporary secret.',
  },
};

/** Tries what is typed out before anything is created; what was found is shown until it is changed. */
export function TestDraft({ type, mode, kind, config, isComplete }: TestDraftProps) {
  const test = useMutation({
    mutationFn: (tested: Json) => testDraft(type, { mode, config: tested }),
    // It may hold secrets that were typed.
    gcTime: 0,
  });
  const isCurrent = test.variables === config;
  const { button, note } = words[kind];
  return (
    <Section title="Try it first">
      <p className={callIt.note}>{note}</p>
      <Button
        variant="default"
        mt="xs"
        mb="sm"
        leftSection={kind === 'delivery' ? <IconSend size={14} /> : <IconPlugConnected size={14} />}
        loading={test.isPending}
        disabled={!isComplete}
        onClick={() => test.mutate(config)}
      >
        {button}
      </Button>
      {isCurrent && test.error !== null && <Notice tone="bad" title={test.error.message} />}
      {isCurrent && test.data !== undefined && <Outcome test={test.data} />}
    </Section>
  );
}

function Outcome({ test }: { test: DraftTest }) {
  const { ok, tested, error, detail, response_excerpt, duration_ms } = test;
  const success = tested === 'connection' ? 'connected' : 'delivered';
  const text = error ?? detail ?? `The target accepted it in ${durationText(duration_ms)}.`;
  return <TestOutcome status={ok ? success : 'failed'} text={text} excerpt={response_excerpt} />;
}
