import { awaitedAnswer } from '../src/engines/aws/entry/awaited-answer.ts';
import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import {
  baseUrlOf,
  httpRequest,
  streamedFunction,
  targetOf,
  unfinishedWork,
} from '../src/engines/aws/entry/http-function.ts';
import { lazyExecutor } from '../src/engines/aws/entry/lazy-executor.ts';
import { typesByNeed } from '../src/engines/aws/entry/lazy-registry.ts';

const project = await packedProject(taskRoot());
const executor = lazyExecutor(project, taskRoot());
const engine = functionEngine({ project, executor, types: typesByNeed(), cached: true });
const unfinished = unfinishedWork();

/**
 * Serves `/webhooks/{connector_id}/sync`: executes the runs here and answers with their results, or at the deadline.
 */
export const handler = streamedFunction(async (event) => {
  const answer = await awaitedAnswer(
    engine,
    targetOf(event),
    httpRequest(event, engine.settings.baseUrl),
    unfinished,
  );
  const { location } = answer.headers;
  if (location === undefined) return answer;
  const baseUrl = baseUrlOf(event, engine.settings.baseUrl, '/webhooks/');
  return { ...answer, headers: { ...answer.headers, location: `${baseUrl}${location}` } };
}, unfinished);
