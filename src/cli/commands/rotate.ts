import type { Command } from 'commander';
import { parseSeconds } from '../argument-values.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { openContext } from '../open-context.ts';
import { durationText } from '../time-text.ts';

interface RotateOptions {
  /** Seconds. */
  readonly grace: number;
}

const dayInSeconds = 86_400;

/** `connectors rotate`: replaces a connector's secret; the old one stays valid for a grace period. */
export function rotateCommand(program: Command): void {
  program
    .command('rotate')
    .helpGroup('Connectors:')
    .summary("replace a connector's secret")
    .description(
      'Create a new secret for a connector and print it. The old one stays valid for the grace period.',
    )
    .argument('<connector>', 'name or id')
    .addOption(
      program
        .createOption(
          '--grace <duration>',
          'how long the old secret stays valid; 0 invalidates it immediately',
        )
        .argParser(parseSeconds)
        .default(dayInSeconds, '24h'),
    )
    .addHelpText(
      'after',
      examples(['rotate orders-in', 'both work for a day'], ['rotate orders-in --grace 0', 'after a leak']),
    )
    .action(async (reference: string, options: RotateOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const connector = await findConnector(api, reference);
      const answer = await api.rotateSecret(connector.id, options.grace);
      output.answer(answer, () => answer.secret);
      output.note(
        options.grace === 0
          ? 'The old secret is no longer valid.'
          : `The old secret stays valid for ${durationText(options.grace * 1_000)}.`,
      );
    });
}
