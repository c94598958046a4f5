import { type Command, Option } from 'commander';
import type { ConnectorTest } from '../../api/contract/index.ts';
import { type TestKind, testKinds } from '../../core/connectors/test-kinds.ts';
import { CliFailure } from '../cli-failure.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import type { Colours } from '../output.ts';
import { oneLine, printable } from '../printable.ts';

interface TestOptions {
  readonly kind?: TestKind;
}

/** `connectors test`: tests whether a connector reaches its source or its target. */
export function testCommand(program: Command): void {
  program
    .command('test')
    .helpGroup('Connectors:')
    .summary("test a connector's connection or target")
    .description(
      'Test a connector. An outbound connector sends a sample result to its target, once; any other only connects to its source.',
    )
    .argument('<connector>', 'name or id')
    .addOption(new Option('-k, --kind <kind>', 'only connect, or send a sample result').choices(testKinds))
    .addHelpText(
      'after',
      examples(
        ['test results', 'send a sample result; exit code 1 if it is not accepted'],
        ['test orders --kind connection', 'only connect'],
      ),
    )
    .action(async (reference: string, { kind }: TestOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const { id } = await findConnector(api, reference);
      const tested = await api.testConnector(id, kind === undefined ? {} : { kind });
      output.answer(tested, (paint) => testText(tested, paint));
      if (!tested.ok) throw new CliFailure('failed', 'The test failed.');
    });
}

/** What a test found, with the beginning of the response. */
function testText({ ok, detail, error, status_code, response_excerpt }: ConnectorTest, paint: Colours) {
  const accepted = status_code === null ? 'The sample result was accepted.' : `Accepted with ${status_code}.`;
  const found = ok
    ? `${paint.green('ok')}: ${printable(detail ?? accepted)}`
    : `${paint.red('failed')}: ${printable(error ?? '')}`;
  return response_excerpt ? `${found}\n${oneLine(response_excerpt, 200)}` : found;
}
