import { awsClients } from '../src/engines/aws/clients.ts';
import type { DeadLetterSource } from '../src/engines/aws/deliveries/redrive.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { keepDeadLetter, keepDeadMessage } from '../src/engines/aws/entry/keep-dead-letter.ts';
import { queueFunction } from '../src/engines/aws/entry/work-function.ts';
import { openTable } from '../src/engines/aws/store/table.ts';
import { gatewayConnections } from '../src/engines/aws/ways/socket/gateway-connections.ts';
import { socketSessions } from '../src/engines/aws/ways/socket/socket-sessions.ts';

const engine = functionEngine();

/** The step that gave up, by the ARN of its dead-letter queue. */
const sources: Readonly<Record<string, DeadLetterSource>> = {
  [process.env['RUN_DEAD_LETTERS_ARN'] ?? '']: 'execute-run',
  [process.env['DELIVERY_DEAD_LETTERS_ARN'] ?? '']: 'deliver',
  [process.env['TICK_DEAD_LETTERS_ARN'] ?? '']: 'fire-tick',
  [process.env['EVENT_DEAD_LETTERS_ARN'] ?? '']: 'take-event',
  [process.env['MESSAGE_DEAD_LETTERS_ARN'] ?? '']: 'take-message',
  [process.env['STREAM_LOST_BATCHES_ARN'] ?? '']: 'lost-batch',
};

/** Reads the dead-letter queues: keeps each message as a record that operators can inspect and redrive. */
export const handler = queueFunction(async (record) => {
  const source = sources[record.eventSourceARN] ?? 'stream-batch';
  if (source === 'take-message') await keepDeadMessage(engine, socketAccess(), record);
  else await keepDeadLetter(engine, source, record);
});

function socketAccess() {
  return {
    sessions: socketSessions(openTable(awsClients().dynamo, variable('TABLE_NAME'))),
    connections: gatewayConnections(variable('SOCKET_CALLBACK_URL')),
  };
}
