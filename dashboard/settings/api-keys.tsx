import type { WireApiKey } from '../../src/api/contract/api-key.ts';
import { useApiKeyList, useRevokeApiKey } from '../api/api-keys.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { Empty } from '../parts/empty.tsx';
import { PagedList } from '../parts/paged-list.tsx';
import { Section } from '../parts/section.tsx';
import table from '../parts/table.module.css';
import { Table } from '../parts/table.tsx';
import { ComingTime, RelativeTime } from '../parts/time-text.tsx';
import { OperatorsOnly } from '../session/operators-only.tsx';
import { CreateApiKey } from './create-api-key.tsx';

/** Credentials for programs, with role, last use, and expiry. Operators only. */
export function ApiKeys() {
  return (
    <Section
      title="API keys"
      flush
      hasStop
      actions={
        <OperatorsOnly>
          <CreateApiKey />
        </OperatorsOnly>
      }
    >
      <OperatorsOnly
        otherwise={<Empty title="Operators only">You have the viewer role, which cannot see API keys.</Empty>}
      >
        <AllKeys />
      </OperatorsOnly>
    </Section>
  );
}

function AllKeys() {
  const list = useApiKeyList();
  return (
    <PagedList
      of={list}
      empty={
        <Empty title="No API keys yet">Create one key for each program that calls the management API.</Empty>
      }
    >
      {(keys) => <KeyTable keys={keys} />}
    </PagedList>
  );
}

function KeyTable({ keys }: { keys: readonly WireApiKey[] }) {
  return (
    <Table
      headings={[
        'Name',
        'Role',
        'Status',
        'Last used',
        'Created',
        'Prefix',
        { title: 'Actions', isHidden: true },
      ]}
    >
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} />
      ))}
    </Table>
  );
}

function KeyRow({ apiKey }: { apiKey: WireApiKey }) {
  const revoke = useRevokeApiKey();
  const { id, name, role, status, last_used_at, created_at, created_by, begins_with } = apiKey;
  return (
    <tr>
      <td className={table.main}>{name}</td>
      <td>{role}</td>
      <td>
        <State of={apiKey} />
        {revoke.error !== null && <div className={table.failure}>{revoke.error.message}</div>}
      </td>
      <td className={table.soft}>{last_used_at === null ? 'never' : <RelativeTime at={last_used_at} />}</td>
      <td className={table.soft}>
        <RelativeTime at={created_at} /> by {created_by}
      </td>
      <td className={table.mono}>{begins_with}…</td>
      <td className={table.number}>
        {status !== 'revoked' && (
          <ConfirmButton
            label="Revoke"
            size="compact-xs"
            question={`Revoke the API key “${name}”?`}
            consequence="Calls with this key fail immediately. You cannot undo this."
            isPending={revoke.isPending}
            onConfirm={() => revoke.mutate(id)}
          />
        )}
      </td>
    </tr>
  );
}

function State({ of: { status, expires_at, revoked_at } }: { of: WireApiKey }) {
  if (revoked_at !== null) {
    return (
      <span className={table.soft}>
        revoked <RelativeTime at={revoked_at} />
      </span>
    );
  }
  if (expires_at === null) return status;
  return (
    <span {...(status === 'expired' && { className: table.soft })}>
      {status === 'expired' ? 'expired' : 'active, expires'} <ComingTime at={expires_at} />
    </span>
  );
}
