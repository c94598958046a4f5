import { Button, Group, Modal } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { useStartRun } from '../api/agents.ts';
import { PayloadEditor, readPayload } from '../parts/payload-editor.tsx';

const firstPayload = '{\n  "message": "What is the capital of France?"\n}';

export interface RunByHandProps {
  readonly agentName: string;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Starts a run with a payload that is written here, and goes to it. */
export function RunByHand({ agentName, opened, onClose }: RunByHandProps) {
  const [text, setText] = useState(firstPayload);
  const [, goTo] = useLocation();
  const start = useStartRun(agentName);
  const payload = readPayload(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (payload.outcome === 'valid') {
      start.mutate(payload.value, { onSuccess: ({ run_id }) => goTo(`/runs/${run_id}`) });
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Run ${agentName}`} size="lg">
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
