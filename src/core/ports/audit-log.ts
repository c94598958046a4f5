import type { Page, PageRequest } from './page.ts';

/** One thing that somebody did through the management API. */
export interface AuditEntry {
  readonly entryId: string;
  readonly at: number;
  /** Who: `admin-token`, an operator's or an API key's name; `system` for what the product did by itself. */
  readonly actor: string;
  /** noun.verb: `connector.created`, `secret.shown`, `run.cancelled`. */
  readonly action: string;
  /** Id or name of what it was done to. */
  readonly subject: string;
  /** One sentence more, or `null`. Never a secret. */
  readonly detail: string | null;
}

export interface AuditLog {
  append(entry: AuditEntry): Promise<void>;
  list(request: PageRequest & { readonly subject?: string }): Promise<Page<AuditEntry>>;
}
