import type { Command } from 'commander';
import type { WireConnectorPlan } from '../../api/contract/index.ts';
import { CliFailure } from '../cli-failure.ts';
import { addFileOptions, type FileOptions, fileSettings } from '../code/file-options.ts';
import { planFiles } from '../code/plan-files.ts';
import { confirm } from '../confirm.ts';
import { examples } from '../examples.ts';
import { type NextStep, withNextSteps } from '../next-steps.ts';
import { openContext } from '../open-context.ts';
import { shellName } from '../render/curl-command.ts';
import { countText, planText } from '../render/plan-text.ts';

interface ApplyOptions extends FileOptions {
  readonly yes?: true;
}

/** `connectors apply`: makes the connectors be as the files of a project describe them. */
export function applyCommand(program: Command): void {
  const apply = program
    .command('apply')
    .helpGroup('Connectors as code:')
    .summary('apply the files in connectors/')
    .description(
      'Apply the files in connectors/: all changes or none. Applying again changes nothing. Asks before it removes or replaces a connector.',
    );
  addFileOptions(apply)
    .option('-y, --yes', 'skip confirmation')
    .addHelpText(
      'after',
      examples(['apply', 'shows the plan first'], ['apply --environment production --yes', 'in a pipeline']),
    )
    .action(async (options: ApplyOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const { plan, connectors } = await planFiles(api, fileSettings(options));
      if (plan.steps.length > 0 && !output.json) output.answer(plan, (paint) => planText(plan, paint));
      if (!options.yes) await confirmRemovals(plan);
      const answered = await api.applyConnectors({ connectors, digest: plan.digest });
      if (answered.outcome === 'invalid') {
        throw new CliFailure('failed', 'The system has changed meanwhile. Run the command again.');
      }
      output.answer(answered.answer, () =>
        plan.steps.length === 0
          ? countText(plan)
          : withNextSteps(`\nApplied: ${countText(plan, true)}`, stepsWithCreated(plan)),
      );
    });
}

/** A look at a connector that was created, for its URL and secret. */
function stepsWithCreated({ steps }: WireConnectorPlan): readonly NextStep[] {
  const created = steps.find(({ action }) => action === 'create' || action === 'replace');
  if (created === undefined) return [];
  const command = `npx connectors show ${shellName(created.name)}`;
  return [{ does: 'See the URL of a new connector, and what to set up:', command }];
}

async function confirmRemovals({ steps }: WireConnectorPlan): Promise<void> {
  const lost = steps.filter(({ action }) => action === 'remove' || action === 'replace');
  if (lost.length === 0) return;
  const names = lost.map(({ name }) => `"${name}"`).join(', ');
  await confirm(`Remove ${names}, with URLs, secrets, and pending deliveries?`);
}
