import { awsClients } from '../src/engines/aws/clients.ts';
import { functionEngine, packedProject, taskRoot } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { lazyExecutor } from '../src/engines/aws/entry/lazy-executor.ts';
import { typesByNeed } from '../src/engines/aws/entry/lazy-registry.ts';
import { messageFunction } from '../src/engines/aws/entry/work-function.ts';
import { openTable } from '../src/engines/aws/store/table.ts';
import { gatewayConnections } from '../src/engines/aws/ways/socket/gateway-connections.ts';
import { readSocketMessage } from '../src/engines/aws/ways/socket/socket-message.ts';
import { socketSessions } from '../src/engines/aws/ways/socket/socket-sessions.ts';
import { takeSocketMessage } from '../src/engines/aws/ways/socket/take-socket-message.ts';

const project = await packedProject(taskRoot());
const executor = lazyExecutor(project, taskRoot());
const engine = functionEngine({ project, executor, types: typesByNeed(), cached: true });
const sessions = socketSessions(openTable(awsClients().dynamo, variable('TABLE_NAME')));
const connections = gatewayConnections(variable('SOCKET_CALLBACK_URL'));

/** Reads the queue of connections: executes the runs of each message here and sends their answers. */
export const handler = messageFunction(variable('SOCKET_QUEUE_URL'), (body) =>
  takeSocketMessage({ engine, sessions, connections }, readSocketMessage(body)),
);
