/** The message that an attempt sent, and the headers of the response: JSON, NULL if unknown. */
export const sentMessages = `
ALTER TABLE delivery_attempts ADD COLUMN response_headers TEXT;
ALTER TABLE delivery_attempts ADD COLUMN sent TEXT
`;
