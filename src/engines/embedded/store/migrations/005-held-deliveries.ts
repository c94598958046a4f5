/** `reason`: why a delivery is held or was cancelled. Records from now on when a connector was disabled. */
export const heldDeliveries = `
ALTER TABLE deliveries ADD COLUMN reason TEXT;
CREATE INDEX deliveries_held ON deliveries (connector_id, created_at) WHERE status = 'held';
UPDATE connectors SET record = json_set(record, '$.disabledPeriods', json('[]'))
`;
