import { awsClients } from '../src/engines/aws/clients.ts';
import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { bufferedFunction } from '../src/engines/aws/entry/http-function.ts';
import { typesByNeed } from '../src/engines/aws/entry/lazy-registry.ts';
import { answerGateway } from '../src/engines/aws/entry/socket-function.ts';
import { openTable } from '../src/engines/aws/store/table.ts';
import { socketQueue } from '../src/engines/aws/ways/socket/socket-message.ts';
import { socketSessions } from '../src/engines/aws/ways/socket/socket-sessions.ts';

const engine = functionEngine({
  project: await packedProject(taskRoot()),
  types: typesByNeed(),
  cached: true,
});
const { dynamo, sqs } = awsClients();
const sessions = socketSessions(openTable(dynamo, variable('TABLE_NAME')));
const queue = socketQueue(sqs, variable('SOCKET_QUEUE_URL'));

/** Serves the routes of the WebSocket API: opens and closes connections, and queues their messages. */
export const handler = bufferedFunction((event) => answerGateway({ engine, sessions, queue }, event));
