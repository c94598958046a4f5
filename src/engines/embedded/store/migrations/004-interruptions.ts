/**
 * `interruptions` lists the attempts that broke off, NULL if none did. `if_lost` says what becomes of the run if its
 * executor vanishes.
 */
export const interruptions = `
ALTER TABLE runs ADD COLUMN interruptions TEXT;
ALTER TABLE runs ADD COLUMN if_lost TEXT
`;
