import { Link } from 'wouter';
import type { WireConnector, WireHealth } from '../../src/api/contract/connector.ts';
import { Notice } from '../parts/notice.tsx';
import { StatusBadge } from '../parts/status-badge.tsx';
import { ElapsedTime } from '../parts/time-text.tsx';
import classes from './health.module.css';

/** A connector's status in one word and how long it has failed, in the same form everywhere. */
export function Health({ health: { status, since } }: { health: WireHealth }) {
  return (
    <span className={classes.health}>
      <StatusBadge status={status} />
      {status === 'failing' && since !== null && (
        <span className={classes.since}>
          for <ElapsedTime since={since} />
        </span>
      )}
    </span>
  );
}

/** Explains why a connector does not work, and warns of conditions with errors; empty if it works. */
export function HealthNotice({ connector }: { connector: WireConnector }) {
  const { health } = connector;
  return (
    <>
      <Trouble connector={connector} />
      {health.warning !== null && (
        <Notice tone="warn" title={health.warning}>
          A condition with an error counts as false. Change it under Agents.
        </Notice>
      )}
    </>
  );
}

function Trouble({ connector: { id, mode, health } }: { connector: WireConnector }) {
  const { status, since, reason } = health;
  if (status === 'failing') {
    return (
      <Notice tone="bad" title={reason ?? 'It fails.'}>
        {since !== null && (
          <>
            Failing for <ElapsedTime since={since} />.{' '}
          </>
        )}
        {mode === 'outbound' ? (
          <>
            <Link href={`/deliveries?connector=${id}&status=pending`}>Pending deliveries</Link> are retried
            automatically. <Link href={`/deliveries?connector=${id}&status=failed`}>Failed ones</Link> wait
            until you redeliver them.
          </>
        ) : (
          'Retrying automatically.'
        )}
      </Notice>
    );
  }
  if (status !== 'disabled' || reason === null) return null;
  return (
    <Notice tone="warn" title="Disabled">
      {reason}
    </Notice>
  );
}
