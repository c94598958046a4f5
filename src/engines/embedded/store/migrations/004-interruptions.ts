/**
 * `interruptions` is the list of attempts that broke off, NULL where none did; `if_lost` what the run had to do with it should
 * its executor vanish.
 */
export const interruptions = `
ALTER TABLE runs ADD COLUMN interruptions TEXT;
ALTER TABLE runs ADD COLUMN if_lost TEXT
`;
