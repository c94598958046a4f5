import type { WireDeliveryMessage, WireShownDelivery } from '../../src/api/contract/delivery.ts';
import { useDelivery } from '../api/deliveries.ts';
import { bytesText } from '../format/numbers.ts';
import { Answer } from '../parts/answer.tsx';
import { ConnectorName } from '../parts/connector-name.tsx';
import { Empty } from '../parts/empty.tsx';
import { Facts } from '../parts/facts.tsx';
import { HeaderLines } from '../parts/header-lines.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Section } from '../parts/section.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { ClockTime, ComingTime } from '../parts/time-text.tsx';
import { PayloadView } from '../runs/payload-view.tsx';
import { AttemptTimeline } from './attempt-timeline.tsx';
import { DeliveryActions } from './delivery-actions.tsx';
import { DeliverySubject } from './delivery-subject.tsx';
import { describeDelivery } from './describe-delivery.ts';

/** A delivery: what was sent, the answers, and the next attempt. */
export default function DeliveryPage({ id }: { id: string }) {
  const delivery = useDelivery(id);
  return (
    <Page
      title="Delivery"
      parent={{ path: '/deliveries', title: 'Deliveries' }}
      summary={<code>{id}</code>}
      mark={delivery.data && <StatusBadge status={delivery.data.status} />}
      actions={delivery.data && <DeliveryActions delivery={delivery.data} size="xs" />}
    >
      <Answer of={delivery}>{(shown) => <DeliverySections delivery={shown} />}</Answer>
    </Page>
  );
}

function DeliverySections({ delivery }: { delivery: WireShownDelivery }) {
  const { message, attempts, status } = delivery;
  return (
    <>
      {(status === 'failed' || status === 'held') && (
        <Notice tone={status === 'failed' ? 'bad' : 'warn'} title={describeDelivery(delivery)} />
      )}
      <Section title="Delivery">
        <DeliveryFacts delivery={delivery} />
      </Section>
      <Section title="Attempts" flush>
        {attempts.length === 0 ? (
          <Empty title="Not attempted yet" />
        ) : (
          <AttemptTimeline
            attempts={attempts}
            nextAt={status === 'pending' ? delivery.next_attempt_at : null}
          />
        )}
      </Section>
      {message === null ? <NoMessage /> : <Message message={message} />}
    </>
  );
}

function DeliveryFacts({ delivery }: { delivery: WireShownDelivery }) {
  const { connector_id: connectorId, message, next_attempt_at: nextAt } = delivery;
  return (
    <Facts
      items={[
        {
          label: 'Connector',
          value: <ConnectorName id={connectorId} />,
        },
        {
          label: delivery.event === null ? 'Run' : 'Event',
          value: <DeliverySubject delivery={delivery} />,
        },
        delivery.by_choice && { label: 'Sent', value: 'by the agent, during its run' },
        delivery.event !== null && { label: 'Summary', value: delivery.event.summary },
        message !== null && {
          label: 'Target',
          value: <code>{[message.method, message.target].filter(Boolean).join(' ')}</code>,
        },
        { label: 'Created', value: <ClockTime at={delivery.created_at} /> },
        nextAt !== null &&
          delivery.status === 'pending' && { label: 'Next attempt', value: <ComingTime at={nextAt} /> },
      ]}
    />
  );
}

function NoMessage() {
  return (
    <Section title="Message">
      <Empty title="The message cannot be shown">
        Its run or its connector is no longer stored, or the connector type does not describe its messages.
      </Empty>
    </Section>
  );
}

function Message({ message }: { message: WireDeliveryMessage }) {
  const { headers, body, body_cut: isCut, body_bytes: bytes, was_sent: wasSent } = message;
  return (
    <>
      {wasSent === false && (
        <Notice tone="warn" title="The connector has changed since the last attempt">
          This is what the next attempt sends. Open an attempt to see what it sent.
        </Notice>
      )}
      {wasSent !== true && (
        <Section title="Headers to send">
          <HeaderLines headers={headers} />
        </Section>
      )}
      <PayloadView
        title={wasSent === true ? 'Body sent' : 'Body to send'}
        value={body}
        emptyText="No body."
      />
      {isCut && (
        <Notice tone="warn" title={`The body has ${bytesText(bytes)}; only its beginning is shown.`} />
      )}
    </>
  );
}
