import { PermanentError } from '../../../core/errors.ts';
import type { Engine } from '../../../core/ports/engine.ts';
import type { AwsClients } from '../clients.ts';
import type { SourceParts } from './follow-source.ts';
import { type StreamSurroundings, type Streams, streams } from './mapping/streams.ts';
import { type MappingConfig, unreadSource } from './mapping/wanted-mapping.ts';
import { type RuleConfig, type Rules, rules } from './rule/rules.ts';
import { type ScheduleConfig, schedules } from './schedule/schedules.ts';

/** Where in the account the sources of a deployment's connectors are created. */
export interface SourceConfig {
  /** Name of the table with the connectors. */
  readonly tableName: string;
  readonly schedules: ScheduleConfig;
  /** Absent if the deployment has no event source mappings. */
  readonly mappings?: MappingConfig;
  /** Absent if the deployment has no rules. */
  readonly rules?: RuleConfig;
}

/** What sources need from their engine. */
export interface SourceDeps extends StreamSurroundings {
  readonly clients: AwsClients;
  readonly engine: () => Engine;
}

/** The adapters that manage sources. Make no calls before the first use. */
export function sourceAdapters(
  places: SourceConfig,
  around: SourceDeps,
): Pick<SourceParts, 'schedules' | 'streams' | 'rules'> {
  return {
    schedules: schedules(around.clients.scheduler, places.schedules),
    streams: places.mappings === undefined ? noStreams : streams(places.mappings, around),
    rules:
      places.rules === undefined
        ? noRules
        : rules(around.clients.eventBridge, places.rules, () => around.engine().clock()),
  };
}

const stopped = {
  status: 'stopped',
  since: null,
  lastError: null,
  nextEventAt: null,
  backlog: null,
} as const;

/** For connectors of an earlier deployment. Their mappings were removed with its function. */
const noStreams: Streams = {
  async follow(_connectorId, connector) {
    if (connector?.enabled) throw new PermanentError('no-streams', unreadSource);
  },
  connectorIds: async () => [],
  state: async () => stopped,
};

const ruleless = 'This deployment no longer has rules on event buses. Deploy it with the setting eventBuses.';

/** The same for rules: those of an earlier deployment were removed with its queue. */
const noRules: Rules = {
  async follow(_connectorId, connector) {
    if (connector?.enabled) throw new PermanentError('no-rules', ruleless);
  },
  connectorIds: async () => [],
  isAsWanted: async () => true,
  state: async () => stopped,
};
