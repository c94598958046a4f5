/** `reason`: why a delivery is held, or was cancelled. Periods in which a connector was disabled are noted from now on. */
export const heldDeliveries = `
ALTER TABLE deliveries ADD COLUMN reason TEXT;
CREATE INDEX deliveries_held ON deliveries (connector_id, created_at) WHERE status = 'held';
UPDATE connectors SET record = json_set(record, '$.disabledPeriods', json('[]'))
`;
