/** `chain`: ids of the runs that led to a run, first one first, as JSON; NULL if none did. */
export const chains = 'ALTER TABLE runs ADD COLUMN chain TEXT';
