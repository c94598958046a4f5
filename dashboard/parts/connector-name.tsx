import { Link } from 'wouter';
import { useConnectorNames } from '../api/connectors.ts';

/** A connector by its name, with a link to it unless it is deleted. */
export function ConnectorName({ id }: { id: string }) {
  const nameOf = useConnectorNames();
  const { name, isDeleted } = nameOf(id);
  return isDeleted ? name : <Link href={`/connectors/${id}`}>{name}</Link>;
}
