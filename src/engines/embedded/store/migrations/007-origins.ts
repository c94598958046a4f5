/** Where a result can be sent back to. JSON; NULL for events that cannot be answered. */
export const origins = `ALTER TABLE triggers ADD COLUMN origin TEXT`;
