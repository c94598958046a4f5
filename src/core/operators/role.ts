/** Roles of the management API: operators may do everything; viewers may read everything except secrets. */
export const roles = ['operator', 'viewer'] as const;
export type Role = (typeof roles)[number];
