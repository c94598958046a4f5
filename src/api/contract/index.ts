/** Every shape of the management API, for its routes and for those who call it: command line and dashboard. */
export * from './agent.ts';
export * from './api-key.ts';
export * from './audit-entry.ts';
export * from './caller.ts';
export * from './change-event.ts';
export * from './connector.ts';
export * from './connector-source.ts';
export * from './connector-type.ts';
export * from './dead-letter.ts';
export * from './delivery.ts';
export * from './instructions.ts';
export * from './page.ts';
export * from './page-session.ts';
export * from './problem.ts';
export * from './run.ts';
export * from './stats.ts';
export * from './trigger.ts';
