/** How long a connector's deliveries have failed is counted from now on. */
export const failureTallies = `UPDATE connectors SET record = json_set(record, '$.failureTally', json('null'))`;
