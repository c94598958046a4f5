import * as z from 'zod';
import { role } from './role.ts';

/** The caller: decides what the dashboard shows to a signed-in user. */
export const wireCaller = z
  .object({ name: z.string().meta({ description: 'The name in the audit log.' }), role })
  .meta({ id: 'Caller' });
export type WireCaller = z.infer<typeof wireCaller>;
