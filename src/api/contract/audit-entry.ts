import * as z from 'zod';
import { pageOf, pageQuery } from './page.ts';
import { isoTime } from './values.ts';

/** Who did what, when. */
export const wireAuditEntry = z
  .object({
    entry_id: z.string(),
    at: isoTime,
    actor: z.string(),
    action: z.string().meta({ examples: ['connector.created', 'secret.shown'] }),
    subject: z.string(),
    detail: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type WireAuditEntry = z.infer<typeof wireAuditEntry>;

export const auditPage = pageOf(wireAuditEntry);

export const auditListQuery = z.strictObject({
  ...pageQuery,
  subject: z.string().min(1).optional().meta({ description: 'Only actions on this id or name.' }),
});
export type AuditListQuery = z.input<typeof auditListQuery>;
