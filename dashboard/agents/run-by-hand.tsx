import { Button, Group, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import type { WireAgent } from '../../src/api/contract/agent.ts';
import { useStartRun } from '../api/agents.ts';
import { PayloadEditor, readPayload } from '../parts/payload-editor.tsx';

export interface RunByHandProps {
  readonly agent: WireAgent;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Starts a run with a payload that is written here, at first the agent's sample, and goes to it. */
export function RunByHand({ agent, opened, onClose }: RunByHandProps) {
  const { name, sample_payload: sample } = agent;
  const [text, setText] = useState(() => JSON.stringify(sample, null, 2));
  const [, goTo] = useLocation();
  const start = useStartRun(name);
  const payload = readPayload(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (payload.outcome === 'valid') {
      start.mutate(payload.value, { onSuccess: ({ run_id }) => goTo(`/runs/${run_id}`) });
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Run ${name}`} size="lg">
      <form onSubmit={submit}>
        <PayloadEditor label="Payload" text={text} onChange={setText} error={start.error?.message} />
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={start.isPending} disabled={payload.outcome !== 'valid'}>
            Start run
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
