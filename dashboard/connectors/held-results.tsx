import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireHeldDeliveries } from '../../src/api/contract/delivery.ts';
import { useChangeConnector } from '../api/connectors.ts';
import { useDropHeld, useHeldDeliveries } from '../api/deliveries.ts';
import { counted } from '../format/numbers.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Notice } from '../parts/notice.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';

/** Results held for an outbound connector, and the operator's options. */
export function HeldResults({ connector }: { connector: WireConnector }) {
  const held = useHeldDeliveries(connector.id);
  if (held.data === undefined || held.data.count === 0) return null;
  const { oldest_created_at: oldest } = held.data;
  return (
    <Notice tone="warn" title={heldTitle(held.data)}>
      The runs ended while the connector was disabled
      {oldest !== null && (
        <>
          {' '}
          (the first one <RelativeTime at={oldest} />)
        </>
      )}
      . Send or drop their results.
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
      { onSuccess: () => notifications.show({ message: 'Sending held results' }) },
    );
  const dropAll = () =>
    drop.mutate(connector.id, {
      onSuccess: ({ dropped }) => notifications.show({ message: `Dropped ${counted(dropped, 'result')}` }),
    });
  return (
    <Group gap="xs" mt="xs">
      <Button variant="default" loading={change.isPending} onClick={send}>
        {connector.enabled ? 'Send all' : 'Enable and send all'}
      </Button>
      <ConfirmButton
        label="Drop all"
        question="Drop held results?"
        consequence="Cancels up to 1,000 held deliveries. They stay in the list."
        isPending={drop.isPending}
        onConfirm={dropAll}
      />
      {failure !== null && <span>{failure.message}</span>}
    </Group>
  );
}

function heldTitle({ count, more }: WireHeldDeliveries): string {
  if (more) return `More than ${count} results held`;
  return `${counted(count, 'result')} held`;
}
