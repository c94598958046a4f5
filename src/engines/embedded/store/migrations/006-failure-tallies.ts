/** From now on, the time for which a connector's deliveries have failed is counted. */
export const failureTallies = `UPDATE connectors SET record = json_set(record, '$.failureTally', json('null'))`;
