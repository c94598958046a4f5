/** How a connector can be tried out: by a look at the connection, or by a made-up result that is sent. */
export const testKinds = ['connection', 'delivery'] as const;
export type TestKind = (typeof testKinds)[number];
