import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { agentHost } from './agent-host.ts';
import type { DescribedFunction, FunctionsProps } from './described-function.ts';

export function runner(props: FunctionsProps): DescribedFunction {
  return {
    entry: 'runner',
    description: 'Executes queued runs.',
    ...agentHost(props),
    // The end of a run announces the next one that has waited for its place: a chain as long as the line, and no loop.
    recursiveLoop: RecursiveLoop.ALLOW,
  };
}
