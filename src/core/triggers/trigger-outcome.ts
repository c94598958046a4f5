/** What became of an event: it started runs, no linked agent wanted it, or its request was refused. */
export const triggerOutcomes = ['accepted', 'filtered', 'refused'] as const;
export type TriggerOutcome = (typeof triggerOutcomes)[number];
