/**
 * `scheduled_at`: when a run is due, or was; NULL for one that did not have to wait for a time. One index finds due runs,
 * the other lists those that wait, newest first.
 */
export const scheduledRuns = `
ALTER TABLE runs ADD COLUMN scheduled_at INTEGER;
CREATE INDEX runs_scheduled ON runs (scheduled_at) WHERE status = 'scheduled';
CREATE INDEX runs_in_waiting ON runs (status) WHERE status = 'scheduled'
`;
