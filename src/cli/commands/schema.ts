import { Argument, type Command } from 'commander';
import type { JsonObject } from '../../core/json/json-value.ts';
import { examples } from '../examples.ts';

const files = ['connector', 'agent', 'agent-defaults'] as const;
type File = (typeof files)[number];

/** `connectors schema`: prints the JSON Schema of files of a project, for editors. */
export function schemaCommand(program: Command): void {
  program
    .command('schema')
    .helpGroup('Connectors as code:')
    .summary('print the JSON Schema of the files of a project')
    .description(
      'Print the JSON Schema of files in connectors/, in agents/, or of _defaults.yaml in agents/. Editors complete and check files with it.',
    )
    .addArgument(new Argument('[file]', 'kind of file').choices(files).default('connector'))
    .addHelpText(
      'after',
      examples(
        ['schema > connectors.schema.json', 'for files in connectors/'],
        ['schema agent > agent.schema.json', 'for files in agents/'],
      ),
    )
    .action(async (file: File) => {
      process.stdout.write(`${JSON.stringify(await schemaOf(file), null, 2)}\n`);
    });
}

async function schemaOf(file: File): Promise<JsonObject> {
  if (file === 'connector') {
    const { loadConnectorTypes } = await import('../../connectors/index.ts');
    const { connectorFileSchema } = await import('../../agents/connector-files/file-schema.ts');
    return connectorFileSchema(await loadConnectorTypes());
  }
  const { agentFileSchema } = await import('../../agents/project/agent-file-schema.ts');
  return agentFileSchema(file);
}
