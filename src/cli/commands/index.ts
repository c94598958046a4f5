import type { Command } from 'commander';
import { agentsCommand } from './agents.ts';
import { apiKeysCommand } from './api-keys.ts';
import { auditLogCommand } from './audit-log.ts';
import { cancelCommand } from './cancel.ts';
import { changeCommand } from './change.ts';
import { costCommand } from './cost.ts';
import { createCommand } from './create.ts';
import { dashboardCommand } from './dashboard.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { deleteCommand } from './delete.ts';
import { deliveriesCommand } from './deliveries.ts';
import { dropCommand } from './drop.ts';
import { disableCommand, enableCommand } from './enable.ts';
import { historyCommand } from './history.ts';
import { lagCommand } from './lag.ts';
import { linkCommand } from './link.ts';
import { listCommand } from './list.ts';
import { logsCommand } from './logs.ts';
import { nextRunsCommand } from './next-runs.ts';
import { redeliverCommand } from './redeliver.ts';
import { refusedCommand } from './refused.ts';
import { retryCommand } from './retry.ts';
import { rotateCommand } from './rotate.ts';
import { runCommand } from './run.ts';
import { runAgainCommand } from './run-again.ts';
import { runNowCommand } from './run-now.ts';
import { runsCommand } from './runs.ts';
import { secretCommand } from './secret.ts';
import { sendCommand } from './send.ts';
import { showCommand } from './show.ts';
import { startCommand } from './start.ts';
import { triggersCommand } from './triggers.ts';
import { typesCommand } from './types.ts';
import { unlinkCommand } from './unlink.ts';

/** Every command, in the order of the help. */
export const commands: readonly ((program: Command) => void)[] = [
  startCommand,
  dashboardCommand,
  costCommand,
  apiKeysCommand,
  createCommand,
  listCommand,
  showCommand,
  changeCommand,
  linkCommand,
  unlinkCommand,
  enableCommand,
  disableCommand,
  secretCommand,
  rotateCommand,
  deleteCommand,
  typesCommand,
  auditLogCommand,
  sendCommand,
  nextRunsCommand,
  runNowCommand,
  lagCommand,
  historyCommand,
  triggersCommand,
  refusedCommand,
  agentsCommand,
  runCommand,
  runsCommand,
  logsCommand,
  cancelCommand,
  runAgainCommand,
  deliveriesCommand,
  redeliverCommand,
  dropCommand,
  deadLettersCommand,
  retryCommand,
];
