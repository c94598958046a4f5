import { awsClients } from '../src/engines/aws/clients.ts';
import { removalResource } from '../src/engines/aws/entry/custom-resource.ts';
import { streamPlaces } from '../src/engines/aws/entry/source-environment.ts';
import { removeStreams } from '../src/engines/aws/sources/remove-streams.ts';

/** A custom resource: when the stack goes, the event sources go that connectors have made in it. */
export const handler = removalResource((signal) => removeStreams(awsClients(), streamPlaces(), signal));
