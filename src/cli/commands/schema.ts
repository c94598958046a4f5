import type { Command } from 'commander';
import { connectorFileSchema } from '../../agents/connector-files/file-schema.ts';
import { examples } from '../examples.ts';

/** `connectors schema`: prints the JSON Schema of files in `connectors/`, for editors. */
export function schemaCommand(program: Command): void {
  program
    .command('schema')
    .helpGroup('Connectors as code:')
    .summary('print the JSON Schema of files in connectors/')
    .description('Print the JSON Schema of files in connectors/. Editors complete and check files with it.')
    .addHelpText('after', examples(['schema > connectors.schema.json', 'for your editor']))
    .action(async () => {
      const { loadConnectorTypes } = await import('../../connectors/index.ts');
      process.stdout.write(`${JSON.stringify(connectorFileSchema(await loadConnectorTypes()), null, 2)}\n`);
    });
}
