/** What connector types are about, in the order in which the marketplace offers them. */
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
