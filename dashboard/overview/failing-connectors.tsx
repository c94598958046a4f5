import { Link } from 'wouter';
import { useConnectors } from '../api/connectors.ts';
import { Notice } from '../parts/notice.tsx';
import { ElapsedTime } from '../parts/time-text.tsx';

/** Connectors that deliver nothing, or that the system has disabled. */
export function FailingConnectors() {
  const connectors = useConnectors();
  const troubled = connectors.data?.filter(
    ({ failing_since, disabled_reason }) => failing_since !== null || disabled_reason !== null,
  );
  if (troubled === undefined || troubled.length === 0) return null;
  return (
    <Notice tone="bad" title="Connectors that need attention">
      {troubled.map((connector) => (
        <div key={connector.id}>
          <Link href={`/connectors/${connector.id}`}>{connector.name}</Link>:{' '}
          {connector.disabled_reason ??
            (connector.failing_since !== null && (
              <>
                all deliveries have failed for <ElapsedTime since={connector.failing_since} />.
              </>
            ))}
        </div>
      ))}
    </Notice>
  );
}
