import { type Command, Option } from 'commander';
import type { ChangeBudgetBody, CreateBudgetBody, WireBudget } from '../../api/contract/index.ts';
import {
  type BudgetMeasure,
  type BudgetPeriodName,
  budgetMeasures,
  budgetPeriods,
  type LimitAction,
  limitActions,
} from '../../core/budgets/budget.ts';
import type { ApiClient } from '../api-client.ts';
import { parseMeasure } from '../argument-values.ts';
import { CliFailure } from '../cli-failure.ts';
import { confirm } from '../confirm.ts';
import { examples } from '../examples.ts';
import { findConnector } from '../find-connector.ts';
import { withNextSteps } from '../next-steps.ts';
import { openContext } from '../open-context.ts';
import { budgetFacts, budgetTable } from '../render/budget-text.ts';
import { shellName } from '../render/curl-command.ts';

interface LimitOptions {
  readonly limit?: number;
  /** Percent. */
  readonly warnAt?: number;
  /** Commander's form of `--no-warning`. */
  readonly warning: boolean;
  readonly onLimit?: LimitAction;
}

interface CreateOptions extends LimitOptions {
  readonly limit: number;
  readonly measure: BudgetMeasure;
  readonly per: BudgetPeriodName;
  readonly timeZone: string;
  readonly agent?: string;
  readonly connector?: string;
  /** `true`: each key has the budget for itself. */
  readonly session?: string | true;
  readonly concurrency?: string | true;
}

interface ChangeOptions extends LimitOptions {
  readonly name?: string;
}

/** `connectors budgets`: limits what runs may use. */
export function budgetsCommand(program: Command): void {
  const group = program
    .command('budgets')
    .helpGroup('Agents and runs:')
    .summary('limit the cost, tokens, and number of runs')
    .description('List, create, change, and delete budgets: limits for dollars, tokens, or runs.')
    .addHelpText(
      'after',
      examples(
        ['budgets', 'usage, and how many runs wait'],
        ['budgets create daily --limit 20', 'all agents together, $20 a day'],
      ),
    );
  addList(group);
  addCreate(group);
  addShow(group);
  addChange(group);
  addDelete(group);
}

function addList(group: Command): void {
  group
    .command('list', { isDefault: true })
    .summary('list budgets')
    .description('List budgets with their usage, oldest first.')
    .addHelpText('after', examples(['budgets list', 'usage, and how many runs wait']))
    .action(async (_options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const list = await api.listBudgets();
      output.page(list, (paint) => budgetTable(list.items, paint));
    });
}

function addCreate(group: Command): void {
  group
    .command('create')
    .summary('create a budget')
    .description('Create a budget. It counts from now on; without a scope, it counts all runs.')
    .argument('<name>', 'a name for people')
    .requiredOption('-l, --limit <amount>', 'US dollars, tokens, or runs', parseMeasure)
    .addOption(
      new Option('-m, --measure <measure>', 'what is counted').choices(budgetMeasures).default('usd'),
    )
    .addOption(
      new Option('-p, --per <period>', 'when counting starts over').choices(budgetPeriods).default('day'),
    )
    .option('--time-zone <zone>', 'where hours, days, and months begin, such as Europe/Berlin', 'UTC')
    .option('-a, --agent <agent>', 'count the runs of this agent')
    .option('-c, --connector <connector>', 'count the runs of this connector; name or id')
    .option(
      '--session [key]',
      'count the runs of this session key; without a key, each has the budget for itself',
    )
    .option('--concurrency [key]', 'the same for concurrency keys')
    .option('--warn-at <percent>', 'percentage of the limit that needs attention (default: 80)', parseMeasure)
    .option('--no-warning', 'no warning before the limit')
    .addOption(onLimitOption())
    .addHelpText(
      'after',
      examples(
        ['budgets create daily --limit 20', 'all agents together, $20 a day'],
        ['budgets create per-run --limit 100_000 --measure tokens --per run', 'no run above 100,000 tokens'],
        ['budgets create per-customer --limit 1 --session', '$1 a day for each session key'],
      ),
    )
    .action(async (name: string, options: CreateOptions, command: Command) => {
      const { api, output } = await openContext(command);
      const { limit, measure, per, timeZone } = options;
      const budget = await api.createBudget({
        ...{ name, limit, measure, period: per, time_zone: timeZone },
        scope: await scopeFrom(api, options),
        ...limitChange(options),
      });
      const show = `npx connectors budgets show ${shellName(name)}`;
      const step = { does: 'See its usage, and how many runs wait:', command: show };
      output.answer(budget, (paint) => withNextSteps(budgetFacts(budget, paint), [step]));
    });
}

function addShow(group: Command): void {
  group
    .command('show')
    .summary('show a budget')
    .description('Show a budget with its usage.')
    .argument('<budget>', 'name or id')
    .addHelpText('after', examples(['budgets show daily', 'what is left today']))
    .action(async (reference: string, _options: unknown, command: Command) => {
      const { api, output } = await openContext(command);
      const budget = await findBudget(api, reference);
      output.answer(budget, (paint) => budgetFacts(budget, paint));
    });
}

function addChange(group: Command): void {
  group
    .command('change')
    .summary('change a budget')
    .description('Change a budget. Waiting runs start at once if it has room.')
    .argument('<budget>', 'name or id')
    .option('-n, --name <name>', 'new name')
    .option('-l, --limit <amount>', 'US dollars, tokens, or runs', parseMeasure)
    .option('--warn-at <percent>', 'percentage of the limit that needs attention', parseMeasure)
    .option('--no-warning', 'no warning before the limit')
    .addOption(onLimitOption())
    .addHelpText('after', examples(['budgets change daily --limit 50', 'let waiting runs continue']))
    .action(async (reference: string, options: ChangeOptions, command: Command) => {
      const { name, limit } = options;
      const change: ChangeBudgetBody = {
        ...(name === undefined ? {} : { name }),
        ...(limit === undefined ? {} : { limit }),
        ...limitChange(options),
      };
      if (Object.keys(change).length === 0) {
        throw new CliFailure(
          'usage',
          'Nothing to change. Pass --name, --limit, --warn-at, --no-warning, or --on-limit.',
        );
      }
      const { api, output } = await openContext(command);
      const { id } = await findBudget(api, reference);
      const budget = await api.changeBudget(id, change);
      output.answer(budget, (paint) => budgetFacts(budget, paint));
    });
}

function addDelete(group: Command): void {
  group
    .command('delete')
    .summary('delete a budget')
    .description('Delete a budget. Runs that wait for it start at once.')
    .argument('<budget>', 'name or id')
    .option('-y, --yes', 'skip confirmation')
    .addHelpText('after', examples(['budgets delete daily', 'asks for confirmation']))
    .action(async (reference: string, options: { readonly yes?: true }, command: Command) => {
      const { api, output } = await openContext(command);
      const { id, name, held_runs } = await findBudget(api, reference);
      const waiting = held_runs === 0 ? '' : ` ${held_runs} waiting runs will continue.`;
      if (!options.yes) await confirm(`Delete the budget "${name}" (${id})?${waiting}`);
      await api.deleteBudget(id);
      output.answer({ id, deleted: true }, () => `Deleted "${name}".`);
    });
}

function onLimitOption(): Option {
  return new Option(
    '--on-limit <action>',
    'hold: runs wait; refuse: new triggers are refused; stop: runs end (default: hold)',
  ).choices(limitActions);
}

function limitChange({
  warnAt,
  warning,
  onLimit,
}: LimitOptions): Pick<ChangeBudgetBody, 'warn_at' | 'on_limit'> {
  return {
    ...(warning ? {} : { warn_at: null }),
    ...(warnAt === undefined ? {} : { warn_at: warnAt }),
    ...(onLimit === undefined ? {} : { on_limit: onLimit }),
  };
}

/** @throws CliFailure if several scopes are given, or there is no such connector */
async function scopeFrom(
  api: ApiClient,
  { agent, connector, session, concurrency }: CreateOptions,
): Promise<NonNullable<CreateBudgetBody['scope']>> {
  const given = [agent, connector, session, concurrency].filter((scope) => scope !== undefined);
  if (given.length > 1) {
    throw new CliFailure(
      'usage',
      'A budget has one scope. Pass one of --agent, --connector, --session, and --concurrency.',
    );
  }
  const keyOf = (key: string | true) => (key === true ? null : key);
  if (agent !== undefined) return { type: 'agent', id: agent };
  if (connector !== undefined) return { type: 'connector', id: (await findConnector(api, connector)).id };
  if (session !== undefined) return { type: 'session', id: keyOf(session) };
  if (concurrency !== undefined) return { type: 'concurrency', id: keyOf(concurrency) };
  return { type: 'deployment' };
}

async function findBudget(api: ApiClient, reference: string): Promise<WireBudget> {
  const { items } = await api.listBudgets();
  const found = items.find(({ id, name }) => id === reference || name === reference);
  if (found !== undefined) return found;
  throw new CliFailure('notFound', `No budget named "${reference}". List them with: npx connectors budgets`);
}
