import type { CreatedApiKey, WireApiKey } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { table } from '../table.ts';
import { localTime } from '../time-text.ts';

/** API keys as a table; a hint if there are none. */
export function apiKeyTable(keys: readonly WireApiKey[], paint: Colours): string {
  if (keys.length === 0) return 'No API keys yet. Create one: npx connectors api-keys create <name>';
  return table(
    ['NAME', 'ROLE', 'STATUS', 'LAST USED', 'CREATED', 'BY', 'PREFIX', 'ID'],
    keys.map((key) => [
      printable(key.name),
      key.role,
      stateOf(key, paint),
      key.last_used_at === null ? 'never' : localTime(key.last_used_at),
      localTime(key.created_at),
      printable(key.created_by),
      key.begins_with,
      key.id,
    ]),
    paint,
  );
}

/** The remark printed with a new key. */
export function createdApiKeyText({ name, role, expires_at }: CreatedApiKey): string {
  const until = expires_at === null ? 'no expiry' : `expires ${localTime(expires_at)}`;
  return (
    `API key "${printable(name)}" (${role}), ${until}. Save it now; it cannot be shown again.\n` +
    'Programs send it in the header "Authorization: Bearer <key>". Commands read it from CONNECTORS_TOKEN.'
  );
}

function stateOf({ status, expires_at }: WireApiKey, paint: Colours): string {
  if (status !== 'active') return paint.red(status);
  return paint.green(expires_at === null ? 'active' : `active until ${localTime(expires_at)}`);
}
