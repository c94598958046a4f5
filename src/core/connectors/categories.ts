/** The categories of connector types, in the marketplace's order. */
export const categories = [
  'web',
  'queues',
  'storage',
  'mail',
  'chat',
  'databases',
  'agents',
  'time',
] as const;
export type Category = (typeof categories)[number];
