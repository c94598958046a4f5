import { Link } from 'wouter';
import type { WireConnection } from '../../src/api/contract/connection.ts';
import table from '../parts/table.module.css';

/** The connectors that use a connection; says which do not have its last change yet. */
export function ConnectionUsers({ connection: { used_by: users } }: { connection: WireConnection }) {
  if (users.length === 0) return <span className={table.soft}>no connector</span>;
  return users.map(({ id, name, up_to_date: isCurrent }, index) => (
    <span key={id}>
      {index > 0 && ', '}
      <Link href={`/connectors/${id}`}>{name}</Link>
      {!isCurrent && ' (does not have the last change yet)'}
    </span>
  ));
}
