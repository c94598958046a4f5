import { agentHost } from './agent-host.ts';
import type { DescribedFunction, FunctionsProps } from './described-function.ts';

export function runner(props: FunctionsProps): DescribedFunction {
  return { entry: 'runner', description: 'Executes queued runs.', ...agentHost(props) };
}
