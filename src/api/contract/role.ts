import * as z from 'zod';
import { roles } from '../../core/operators/role.ts';

/** What callers may do. */
export const role = z.enum(roles).meta({
  id: 'Role',
  description: 'Operators have full access. Viewers have read access, except to secrets and API keys.',
});
