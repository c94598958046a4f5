import { endPageSession } from '../api/page-session.ts';
import type { Renewal } from './session.ts';

/** A session by cookie: nothing renews it, and whoever leaves ends it for all tabs. */
export const pageSession: Renewal = {
  renew: async () => null,
  leave: () => endPageSession().catch(() => undefined),
};
