import { Button, Group, Modal } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { useLocation } from 'wouter';
import type { StartedRun } from '../../src/api/contract/run.ts';
import { PayloadEditor, readPayload } from './payload-editor.tsx';
import { useDraft } from './use-draft.ts';

export interface PayloadDialogProps {
  readonly title: string;
  readonly action: string;
  /** The editor's initial JSON. */
  readonly initial: string;
  /** Identifies the draft, so that it survives a reload. */
  readonly draftKey: string;
  readonly opened: boolean;
  readonly onClose: () => void;
  /** More inputs, below the editor. */
  readonly children?: ReactNode;
  /** The caller's mutation that starts the run. */
  readonly start: {
    readonly mutate: (payload: unknown, on: { onSuccess: (started: StartedRun) => void }) => void;
    readonly isPending: boolean;
    readonly error: Error | null;
  };
}

/** Starts a run with a payload from the editor and opens it. The draft is kept until it is sent. */
export function PayloadDialog({
  title,
  action,
  initial,
  draftKey,
  opened,
  onClose,
  children,
  start,
}: PayloadDialogProps) {
  const [text, setText, forget] = useDraft(draftKey, initial);
  const [, goTo] = useLocation();
  const payload = readPayload(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (payload.outcome !== 'valid') return;
    start.mutate(payload.value, {
      onSuccess: ({ run_id }) => {
        forget();
        onClose();
        goTo(`/runs/${run_id}`);
      },
    });
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg">
      <form onSubmit={submit}>
        <PayloadEditor label="Payload" text={text} onChange={setText} error={start.error?.message} />
        {children}
        <Group justify="flex-end" mt="md" gap="xs">
          {text !== initial && (
            <Button variant="subtle" onClick={forget}>
              Reset
            </Button>
          )}
          <Button variant="default" onClick={onClose}>
            Close
          </Button>
          <Button type="submit" loading={start.isPending} disabled={payload.outcome !== 'valid'}>
            {action}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
