import { Link } from 'wouter';
import { useConnectors } from '../api/connectors.ts';

/** The connector of a trigger, by its name. */
export function ConnectorName({ id }: { id: string | null }) {
  const connectors = useConnectors();
  if (id === null) return 'by hand';
  const name = connectors.data?.find((known) => known.id === id)?.name;
  if (connectors.data !== undefined && name === undefined) return 'a deleted connector';
  return <Link href={`/connectors/${id}`}>{name ?? id}</Link>;
}
