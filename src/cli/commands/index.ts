import type { Command } from 'commander';

/**
 * Adds a command to the command line.
 *
 * @param whole loads the command line with all its commands
 */
export type AddCommand = (program: Command, whole: () => Promise<Command>) => void;

/** Every command by name, in the order of the help. Its code is loaded on demand. */
export const commands: Readonly<Record<string, () => Promise<AddCommand>>> = {
  start: async () => (await import('./start.ts')).startCommand,
  dashboard: async () => (await import('./dashboard.ts')).dashboardCommand,
  health: async () => (await import('./health.ts')).healthCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
  cost: async () => (await import('./cost.ts')).costCommand,
  'api-keys': async () => (await import('./api-keys.ts')).apiKeysCommand,
  create: async () => (await import('./create.ts')).createCommand,
  list: async () => (await import('./list.ts')).listCommand,
  show: async () => (await import('./show.ts')).showCommand,
  change: async () => (await import('./change.ts')).changeCommand,
  link: async () => (await import('./link.ts')).linkCommand,
  unlink: async () => (await import('./unlink.ts')).unlinkCommand,
  enable: async () => (await import('./enable.ts')).enableCommand,
  disable: async () => (await import('./enable.ts')).disableCommand,
  pause: async () => (await import('./pause.ts')).pauseCommand,
  resume: async () => (await import('./pause.ts')).resumeCommand,
  url: async () => (await import('./url.ts')).urlCommand,
  secret: async () => (await import('./secret.ts')).secretCommand,
  rotate: async () => (await import('./rotate.ts')).rotateCommand,
  test: async () => (await import('./test.ts')).testCommand,
  delete: async () => (await import('./delete.ts')).deleteCommand,
  connections: async () => (await import('./connections.ts')).connectionsCommand,
  plan: async () => (await import('./plan.ts')).planCommand,
  apply: async () => (await import('./apply.ts')).applyCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  schema: async () => (await import('./schema.ts')).schemaCommand,
  'named-secrets': async () => (await import('./named-secrets.ts')).namedSecretsCommand,
  types: async () => (await import('./types.ts')).typesCommand,
  'audit-log': async () => (await import('./audit-log.ts')).auditLogCommand,
  send: async () => (await import('./send.ts')).sendCommand,
  'next-runs': async () => (await import('./next-runs.ts')).nextRunsCommand,
  'run-now': async () => (await import('./run-now.ts')).runNowCommand,
  lag: async () => (await import('./lag.ts')).lagCommand,
  history: async () => (await import('./history.ts')).historyCommand,
  triggers: async () => (await import('./triggers.ts')).triggersCommand,
  'send-through': async () => (await import('./send-through.ts')).sendThroughCommand,
  'try-filter': async () => (await import('./try-filter.ts')).tryFilterCommand,
  refused: async () => (await import('./refused.ts')).refusedCommand,
  agents: async () => (await import('./agents.ts')).agentsCommand,
  run: async () => (await import('./run.ts')).runCommand,
  runs: async () => (await import('./runs.ts')).runsCommand,
  logs: async () => (await import('./logs.ts')).logsCommand,
  cancel: async () => (await import('./cancel.ts')).cancelCommand,
  reschedule: async () => (await import('./reschedule.ts')).rescheduleCommand,
  'run-again': async () => (await import('./run-again.ts')).runAgainCommand,
  budgets: async () => (await import('./budgets.ts')).budgetsCommand,
  deliveries: async () => (await import('./deliveries.ts')).deliveriesCommand,
  redeliver: async () => (await import('./redeliver.ts')).redeliverCommand,
  drop: async () => (await import('./drop.ts')).dropCommand,
  receive: async () => (await import('./receive.ts')).receiveCommand,
  'dead-letters': async () => (await import('./dead-letters.ts')).deadLettersCommand,
  retry: async () => (await import('./retry.ts')).retryCommand,
};
