import type { Page, PageRequest } from './page.ts';

/** One recorded action of an operator, a program or the product. */
export interface AuditEntry {
  readonly entryId: string;
  readonly at: number;
  /** Who did it: `admin-token`, an operator's or an API key's name; `system` for the product itself. */
  readonly actor: string;
  /** noun.verb: `connector.created`, `secret.shown`, `run.cancelled`. */
  readonly action: string;
  /** Id or name of the thing acted on. */
  readonly subject: string;
  /** One more sentence, or `null`. Never a secret. */
  readonly detail: string | null;
}

export interface AuditLog {
  append(entry: AuditEntry): Promise<void>;
  list(request: PageRequest & { readonly subject?: string }): Promise<Page<AuditEntry>>;
}
