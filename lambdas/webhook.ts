import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { bufferedFunction, httpRequest, targetOf } from '../src/engines/aws/entry/http-function.ts';
import { typesByNeed } from '../src/engines/aws/entry/lazy-registry.ts';
import { answerRequest } from '../src/ingress/answer-request.ts';
import { emptyAnswer } from '../src/ingress/http-answers.ts';

const engine = functionEngine({
  project: await packedProject(taskRoot()),
  types: typesByNeed(),
  cached: true,
});

/** Serves `/webhooks/{connector_id}`: stores the runs of one trigger and answers with their ids. */
export const handler = bufferedFunction(async (event) => {
  const { answer } = await answerRequest(
    engine,
    targetOf(event),
    httpRequest(event, engine.settings.baseUrl),
  );
  return answer ?? emptyAnswer;
});
