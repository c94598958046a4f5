/** What callers of the management API may do: operators everything, viewers look at everything but secrets. */
export const roles = ['operator', 'viewer'] as const;
export type Role = (typeof roles)[number];
