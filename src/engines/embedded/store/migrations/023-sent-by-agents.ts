/** `message`: what an agent has sent in place of a run's result, as JSON. */
export const sentByAgents = 'ALTER TABLE deliveries ADD COLUMN message TEXT';
