export const attentionKinds = [
  'deployment-paused',
  'connector-failing',
  'connector-disabled',
  'agent-paused',
  'connector-paused',
  'budget-reached',
  'budget-unpriced',
  'budget-warning',
  'condition-failing',
  'dead-letters',
  'project-broken',
  'model-key-missing',
] as const;

/** Something that needs an operator's attention. */
export interface AttentionItem {
  readonly kind: (typeof attentionKinds)[number];
  /** The id of the connector or budget, or the agent's name; `null` if it is about neither. */
  readonly subject: string | null;
  /** The name that people know it by. */
  readonly title: string;
  /** What is wrong, in one sentence. */
  readonly reason: string;
  /** Unix ms; `null` if unknown. */
  readonly since: number | null;
  /** What to do about it, in one or two sentences. */
  readonly whatToDo: string;
}
