/** How many parts of a message in parts have arrived; NULL if there are none. */
export const partsSent = 'ALTER TABLE delivery_attempts ADD COLUMN parts_sent INTEGER';
