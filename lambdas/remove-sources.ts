import { awsClients } from '../src/engines/aws/clients.ts';
import { removalResource } from '../src/engines/aws/entry/custom-resource.ts';
import { variable } from '../src/engines/aws/entry/function-environment.ts';
import { mappingPlaces } from '../src/engines/aws/entry/source-environment.ts';
import { openTable } from '../src/engines/aws/store/table.ts';
import { removeStreams } from '../src/engines/aws/ways/mapping/remove-streams.ts';
import { allowMaking } from '../src/engines/aws/ways/mapping/stream-makers.ts';

const clients = awsClients();
const table = openTable(clients.dynamo, variable('TABLE_NAME'));

/** A custom resource: when the stack goes, the event sources go that connectors have made in it. */
export const handler = removalResource({
  begin: () => allowMaking(table),
  remove: (signal) => removeStreams({ clients, table, clock: Date.now }, mappingPlaces(), signal),
});
