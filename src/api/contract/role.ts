import * as z from 'zod';
import { roles } from '../../core/operators/role.ts';

/** What callers may do. */
export const role = z.enum(roles).meta({
  id: 'Role',
  description: 'Operators may do everything, viewers look at everything but secrets and API keys.',
});
