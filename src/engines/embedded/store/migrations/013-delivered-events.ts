/** The operational event that a delivery sends in place of a run's result, as JSON. */
export const deliveredEvents = 'ALTER TABLE deliveries ADD COLUMN event TEXT';
