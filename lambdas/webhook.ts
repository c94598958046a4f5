import { handleInbound } from '../src/connectors/webhook/handle.ts';
import { functionEngine, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { connectorIdOf, webhookRequest } from '../src/engines/aws/entry/http-event.ts';
import { bufferedFunction } from '../src/engines/aws/entry/http-function.ts';
import { packedProject } from '../src/engines/aws/entry/packed-project.ts';

const engine = functionEngine({ project: await packedProject(taskRoot()), cached: true });

/** `/webhooks/{connector_id}`: stores the runs of one trigger and answers with their ids. */
export const handler = bufferedFunction((event) =>
  handleInbound(engine, connectorIdOf(event), webhookRequest(event)),
);
