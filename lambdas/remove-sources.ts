import { awsClients } from '../src/engines/aws/clients.ts';
import { removalResource } from '../src/engines/aws/entry/custom-resource.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { mappingConfig } from '../src/engines/aws/entry/source-environment.ts';
import { openTable } from '../src/engines/aws/store/table.ts';
import { removeStreams } from '../src/engines/aws/ways/mapping/remove-streams.ts';
import { allowMaking } from '../src/engines/aws/ways/mapping/stream-makers.ts';

const clients = awsClients();
const table = openTable(clients.dynamo, variable('TABLE_NAME'));

/** A custom resource that removes the event sources of connectors when the stack is deleted. */
export const handler = removalResource({
  begin: () => allowMaking(table),
  remove: (signal) => removeStreams({ clients, table, clock: Date.now }, mappingConfig(), signal),
});
