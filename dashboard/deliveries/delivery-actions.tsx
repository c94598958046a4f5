import type { WireDelivery } from '../../src/api/contract/delivery.ts';
import { useDrop, useRedeliver } from '../api/deliveries.ts';
import { RowButton, type RowButtonProps } from '../parts/row-button.tsx';
import table from '../parts/table.module.css';

/** The operator's actions for a delivery, and why one failed. */
export function DeliveryActions({
  delivery,
  size,
}: { delivery: WireDelivery } & Pick<RowButtonProps, 'size'>) {
  const redeliver = useRedeliver();
  const drop = useDrop();
  const failure = redeliver.error ?? drop.error;
  const sized = size === undefined ? {} : { size };
  const action = sendAction(delivery);
  return (
    <>
      {failure !== null && <div className={table.failure}>{failure.message}</div>}
      {delivery.status === 'held' && (
        <RowButton {...sized} isPending={drop.isPending} onClick={() => drop.mutate(delivery.delivery_id)}>
          Drop
        </RowButton>
      )}{' '}
      {action !== null && (
        <RowButton
          {...sized}
          isPending={redeliver.isPending}
          onClick={() => redeliver.mutate(delivery.delivery_id)}
        >
          {action}
        </RowButton>
      )}
    </>
  );
}

/** The label for sending by hand; `null` if the delivery cannot be sent or is on its way. */
function sendAction({ status, attempts }: WireDelivery): string | null {
  if (status === 'cancelled') return null;
  if (status === 'pending') return attempts.length === 0 ? null : 'Send now';
  return status === 'held' ? 'Send' : 'Redeliver';
}
