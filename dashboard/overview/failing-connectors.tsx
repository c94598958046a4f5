import { Link } from 'wouter';
import { useConnectors } from '../api/connectors.ts';
import { Notice } from '../parts/notice.tsx';
import { ElapsedTime } from '../parts/time-text.tsx';

/** Connectors that deliver nothing, or that the system has disabled. */
export function FailingConnectors() {
  const connectors = useConnectors();
  const troubled = connectors.data?.filter(
    ({ health, disabled_reason }) => health.status === 'failing' || disabled_reason !== null,
  );
  if (troubled === undefined || troubled.length === 0) return null;
  return (
    <Notice tone="bad" title="Connectors that need attention">
      {troubled.map((connector) => (
        <div key={connector.id}>
          <Link href={`/connectors/${connector.id}`}>{connector.name}</Link>: {connector.health.reason}
          {connector.health.since !== null && (
            <>
              {' '}
              {connector.health.status === 'failing' ? 'Failing' : 'Disabled'} for{' '}
              <ElapsedTime since={connector.health.since} />.
            </>
          )}
        </div>
      ))}
    </Notice>
  );
}
