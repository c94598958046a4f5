import type { Mode } from './connector.ts';
import type { AnyConnectorType } from './connector-type.ts';
import { type TestKind, testKinds } from './test-kinds.ts';

/** The tests for connectors of a mode, the one that changes less first. */
export function testsOf(type: AnyConnectorType, mode: Mode): readonly TestKind[] {
  return testKinds.filter((kind) =>
    kind === 'connection' ? type.modes[mode]?.probe !== undefined : sendsResults(type, mode),
  );
}

/** Whether connectors of a mode send results, real ones and samples. */
export function sendsResults(type: AnyConnectorType, mode: Mode): boolean {
  return mode === 'outbound' && type.prepare !== undefined && type.send !== undefined;
}
