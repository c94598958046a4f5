/** 1 if the code of the agent ended the run so that its result is not delivered. */
export const unpublished = 'ALTER TABLE runs ADD COLUMN unpublished INTEGER';
