import { agentOf, type CreatedConnector, type WireConnector } from '../../api/contract/index.ts';
import type { Colours } from '../output.ts';
import { printable } from '../printable.ts';
import { facts, table } from '../table.ts';
import { timeText } from '../time-text.ts';
import { healthText } from './health-text.ts';
import { waitingText } from './pause-text.ts';

/** Connectors as a table; a hint if there are none. */
export function connectorTable(connectors: readonly WireConnector[], paint: Colours): string {
  if (connectors.length === 0) {
    return 'No connectors yet. Create one: npx connectors create sync --agent <agent>';
  }
  return table(
    ['NAME', 'TYPE', 'MODE', 'AGENTS', 'STATE', 'ID'],
    connectors.map((connector) => [
      printable(connector.name),
      connector.type,
      connector.mode,
      connector.agents.map(agentOf).join(', ') || paint.yellow('none'),
      healthText(connector.health, paint),
      connector.id,
    ]),
    paint,
  );
}

/** All details of one connector except its secret. */
export function connectorFacts(connector: WireConnector, paint: Colours): string {
  return facts(
    [
      ['name', paint.bold(printable(connector.name))],
      ['id', connector.id],
      ['type', `${connector.type}, ${connector.mode}`],
      ['from code', codeText(connector, paint)],
      ['state', healthText(connector.health, paint)],
      ['waits', waitingText(connector)],
      ['since', connector.health.since && timeText(connector.health.since)],
      ['last event', connector.health.last_event_at && timeText(connector.health.last_event_at)],
      ['last delivery', connector.health.last_delivery_at && timeText(connector.health.last_delivery_at)],
      ['runs, 24 h', runsText(connector)],
      ['url', connector.url],
      [
        connector.endpoint?.title.toLowerCase() ?? 'endpoint',
        connector.endpoint && printable(connector.endpoint.text),
      ],
      ['agents', linksText(connector) || paint.yellow('none')],
      ['delivers', deliveryText(connector)],
      ['filter', connector.filter && printable(connector.filter)],
      ['filtered, 24 h', filteredText(connector)],
      ['warning', connector.health.warning && paint.yellow(printable(connector.health.warning))],
      ['connection', connectionText(connector)],
      ['config', printable(JSON.stringify(connector.config, null, 2))],
      ['secret fields', connector.secret_fields.join(', ') || null],
      ['created', timeText(connector.created_at)],
    ],
    paint,
  );
}

/** A connector and its agents, after they have changed. */
export function linkedText(connector: WireConnector, paint: Colours): string {
  return facts(
    [
      ['name', paint.bold(printable(connector.name))],
      ['agents', linksText(connector) || paint.yellow('none')],
    ],
    paint,
  );
}

/** What an outbound connector delivers. */
function deliveryText({ delivery }: WireConnector): string | null {
  if (delivery === null) return null;
  return {
    automatic: 'results of its agents',
    tool: 'what models send with their tool (delivery: tool)',
    code: 'what code sends (delivery: code)',
  }[delivery];
}

/** The connector's file, and the fields that were edited since it was applied. */
function codeText({ code }: WireConnector, paint: Colours): string | null {
  if (code === null) return null;
  const edited = code.drift.map(({ field }) => field).join(', ');
  return edited === '' ? code.file : `${code.file}; ${paint.yellow(`edited since: ${edited}`)}`;
}

/** A new connector, with its secret. */
export function createdConnectorText(connector: CreatedConnector, paint: Colours): string {
  return facts(
    [
      ['name', paint.bold(printable(connector.name))],
      ['id', connector.id],
      ['agents', linksText(connector) || paint.yellow('none')],
      ['url', connector.url],
      ['secret', connector.secret],
    ],
    paint,
  );
}

function connectionText({ connection, connection_fields: fields }: WireConnector): string | null {
  return connection === null ? null : `${printable(connection)} (${fields.join(', ')})`;
}

/** The linked agents, with the conditions of their links. */
function linksText({ agents }: Pick<WireConnector, 'agents'>): string {
  return agents
    .map((link) => (typeof link === 'string' ? link : `${link.name} (when ${printable(link.when)})`))
    .join(', ');
}

function filteredText({ health }: WireConnector): string | null {
  return health.filtered_24h === 0 ? null : String(health.filtered_24h);
}

function runsText({ mode, health }: WireConnector): string | null {
  if (mode === 'outbound') return null;
  const failed = health.failed_24h === 0 ? '' : `, ${health.failed_24h} failed`;
  return `${health.runs_24h}${failed}`;
}
