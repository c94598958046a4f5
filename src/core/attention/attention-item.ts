export const attentionKinds = [
  'connector-failing',
  'connector-disabled',
  'dead-letters',
  'project-broken',
  'model-key-missing',
] as const;

/** Something that an operator has to look after. */
export interface AttentionItem {
  readonly kind: (typeof attentionKinds)[number];
  /** The id of the connector, or the name of the agent; `null` where it is neither. */
  readonly subject: string | null;
  /** What a person calls it. */
  readonly title: string;
  /** What is wrong, in one sentence. */
  readonly reason: string;
  /** Unix ms; `null` where that is not known. */
  readonly since: number | null;
  /** What to do about it, in one or two sentences. */
  readonly whatToDo: string;
}
