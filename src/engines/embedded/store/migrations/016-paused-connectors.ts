/** Connectors can be paused from now on. `up_to`: position of the last delivery that a hold has let go on. */
export const pausedConnectors = `
UPDATE connectors SET record = json_set(record, '$.paused', json('null'));
ALTER TABLE holds ADD COLUMN up_to INTEGER
`;
