/** `waiting_for`: the hold that a held delivery waits in. */
export const deliveriesInHolds = `
ALTER TABLE deliveries ADD COLUMN waiting_for TEXT;
CREATE INDEX deliveries_waiting ON deliveries (waiting_for) WHERE waiting_for IS NOT NULL
`;
