import { endPageSession } from '../api/page-session.ts';
import type { Renewal } from './session.ts';

/** A cookie session: it cannot be renewed, and signing out ends it in all tabs. */
export const pageSession: Renewal = {
  renew: async () => null,
  leave: () => endPageSession().catch(() => undefined),
};
