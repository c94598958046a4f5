/** What the condition of a tool can read: the run's context, and its payload. */
export const toolConditionRoots = ['context', 'input'] as const;
