import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { wayFunctions } from '../../construct-ids.ts';
import type { Functions } from '../../functions/functions.ts';
import { type AlarmDescription, period } from './alarm-description.ts';

/** Alarms that apply to functions whatever their work is. */
export function functionAlarms(functions: Functions): AlarmDescription[] {
  return [
    ...errorAlarms(functions.byName),
    ...throttleAlarms({
      [wayFunctions.request.id]: functions.request,
      [wayFunctions.requestSync.id]: functions.requestSync,
      Api: functions.api,
      ...(functions.sockets === undefined ? {} : { [wayFunctions.socket.id]: functions.sockets.answering }),
    }),
    ...recursionAlarms({
      [wayFunctions.schedule.id]: functions.schedule,
      ...(functions.rule === undefined ? {} : { [wayFunctions.rule.id]: functions.rule }),
      ...(functions.sockets === undefined
        ? {}
        : { [wayFunctions.socketMessages.id]: functions.sockets.executing }),
      Deliver: functions.deliver,
      DeadLetters: functions.deadLetters,
    }),
  ];
}

function errorAlarms(functions: Readonly<Record<string, IFunction>>): AlarmDescription[] {
  return Object.entries(functions).map(([name, handler]) => ({
    name: `Errors${name}`,
    meaning: `The function "${name}" fails, times out, or runs out of memory.`,
    metric: handler.metricErrors({ period }),
    threshold: 3,
    periods: 1,
  }));
}

/**
 * @param functions that callers wait for. Queues and streams have an alarm for their age instead: a throttled function
 * shows there as old work.
 */
function throttleAlarms(functions: Readonly<Record<string, IFunction>>): AlarmDescription[] {
  return Object.entries(functions).map(([name, handler]) => ({
    name: `Throttles${name}`,
    meaning: `Callers are refused: Lambda has no capacity to start the function "${name}".`,
    metric: handler.metricThrottles({ period }),
    threshold: 10,
    periods: 2,
  }));
}

/**
 * @param functions that Lambda calls for a queue, except the Runner, which may call itself without limit. Lambda
 * follows calls through queues and drops what looks like a loop (Lambda developer guide,
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html)
 */
function recursionAlarms(functions: Readonly<Record<string, IFunction>>): AlarmDescription[] {
  return Object.entries(functions).map(([name, handler]) => ({
    name: `RecursiveLoops${name}`,
    meaning: `Lambda dropped calls of the function "${name}" that it mistook for an infinite loop.`,
    metric: handler.metric('RecursiveInvocationsDropped', { period, statistic: 'sum' }),
    threshold: 1,
    periods: 1,
  }));
}
