import { Link } from 'wouter';
import { useConnectors } from '../api/connectors.ts';

/** The connector of a trigger, by its name. A request that was refused may have called one that does not exist. */
export function ConnectorName({ id, isRefused }: { id: string | null; isRefused: boolean }) {
  const connectors = useConnectors();
  if (id === null) return isRefused ? 'no such connector' : 'by hand';
  const name = connectors.data?.find((known) => known.id === id)?.name;
  if (connectors.data !== undefined && name === undefined) return 'a deleted connector';
  return <Link href={`/connectors/${id}`}>{name ?? id}</Link>;
}
