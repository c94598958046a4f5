/** How a connector can be tested: by connecting, or by sending a sample result. */
export const testKinds = ['connection', 'delivery'] as const;
export type TestKind = (typeof testKinds)[number];
