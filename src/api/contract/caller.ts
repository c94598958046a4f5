import * as z from 'zod';
import { role } from './role.ts';

/** Who calls: what a page shows, and does not show, to whoever has signed in. */
export const wireCaller = z
  .object({ name: z.string().meta({ description: 'The name in the audit log.' }), role })
  .meta({ id: 'Caller' });
export type WireCaller = z.infer<typeof wireCaller>;
