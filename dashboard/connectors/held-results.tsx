import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireHeldDeliveries } from '../../src/api/contract/delivery.ts';
import { useChangeConnector } from '../api/connectors.ts';
import { useDropHeld, useHeldDeliveries } from '../api/deliveries.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';

/** The results that are held for an outbound connector, with what an operator can do about them. */
export function HeldResults({ connector }: { connector: WireConnector }) {
  const held = useHeldDeliveries(connector.id);
  if (held.data === undefined || held.data.count === 0) return null;
  const { oldest_created_at: oldest } = held.data;
  return (
    <Notice tone="warn" title={heldTitle(held.data)}>
      They ended while the connector was disabled
      {oldest !== null && (
        <>
          , the oldest <RelativeTime at={oldest} />
        </>
      )}
      . Nothing is sent until you decide.
      <OperatorsOnly>
        <Decision connector={connector} />
      </OperatorsOnly>
    </Notice>
  );
}

function Decision({ connector }: { connector: WireConnector }) {
  const change = useChangeConnector(connector.id);
  const drop = useDropHeld();
  const failure = change.error ?? drop.error;
  const send = () =>
    change.mutate(
      { enabled: true, held_deliveries: 'send' },
      { onSuccess: () => notifications.show({ message: 'Held results are on their way' }) },
    );
  const dropAll = () =>
    drop.mutate(connector.id, {
      onSuccess: ({ dropped }) => notifications.show({ message: `${dropped} dropped` }),
    });
  return (
    <Group gap="xs" mt="xs">
      <Button variant="default" loading={change.isPending} onClick={send}>
        {connector.enabled ? 'Send them' : 'Enable and send them'}
      </Button>
      <ConfirmButton
        label="Drop them"
        question="Drop what is held?"
        consequence="Held results are cancelled, at most 1,000 at once. They stay listed."
        isPending={drop.isPending}
        onConfirm={dropAll}
      />
      {failure !== null && <span>{failure.message}</span>}
    </Group>
  );
}

function heldTitle({ count, more }: WireHeldDeliveries): string {
  if (more) return `More than ${count} results are held`;
  return count === 1 ? '1 result is held' : `${count} results are held`;
}
