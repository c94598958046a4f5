/** What an attempt has sent, and the headers of the answer: JSON, NULL where they are not known. */
export const sentMessages = `
ALTER TABLE delivery_attempts ADD COLUMN response_headers TEXT;
ALTER TABLE delivery_attempts ADD COLUMN sent TEXT
`;
