import { Link } from 'wouter';
import { agentOf } from '../../src/api/contract/agent-of-link.ts';
import type { WireConnector } from '../../src/api/contract/connector.ts';
import type { WireModeDescription } from '../../src/api/contract/connector-type.ts';
import { useConnections } from '../api/connections.ts';
import { useLastRefused } from '../api/triggers.ts';
import { ConnectorBudgets } from '../budgets/applicable-budgets.tsx';
import { counted, countText } from '../format/numbers.ts';
import { CopyField } from '../parts/copy-field.tsx';
import { type Fact, Facts } from '../parts/facts.tsx';
import { RelativeTime } from '../parts/time-text.tsx';
import { deliveryWords } from './delivery-mode.tsx';
import { hasCredentials } from './has-credentials.ts';
import classes from './overview-tab.module.css';
import { SetUp } from './set-up.tsx';
import { Source } from './source.tsx';

export interface OverviewTabProps {
  readonly connector: WireConnector;
  /** Absent if the system no longer has the type. */
  readonly mode: WireModeDescription | undefined;
}

/** The connector's purpose, endpoint, and last activity. */
export function OverviewTab({ connector, mode }: OverviewTabProps) {
  const { endpoint } = connector;
  return (
    <>
      {mode !== undefined && <p className={classes.summary}>{mode.summary}</p>}
      {connector.url !== null && <CopyField label="URL" text={connector.url} />}
      <Facts
        items={[
          endpoint !== null && { label: endpoint.title, value: endpoint.text },
          connector.connection !== null && {
            label: 'Connection',
            value: <ConnectionLink name={connector.connection} />,
          },
          connector.delivery !== null && { label: 'Delivers', value: deliveryWords[connector.delivery] },
          { label: 'Agents', value: <Agents names={connector.agents.map(agentOf)} /> },
          ...activity(connector),
          connector.url !== null && { label: 'Last refused', value: <LastRefused id={connector.id} /> },
          connector.code !== null && {
            label: 'From code',
            value: <Link href="/connectors-as-code">{connector.code.file}</Link>,
          },
          { label: 'Created', value: <RelativeTime at={connector.created_at} /> },
        ]}
      />
      <div className={classes.sections}>
        <ConnectorBudgets connector={connector} />
        {connector.mode === 'inbound' && <Source connector={connector} />}
      </div>
      {mode !== undefined && mode.instructions !== null && !hasCredentials(connector, mode) && (
        <SetUp instructions={mode.instructions} fillings={{ url: null, secret: null }} isCreated />
      )}
    </>
  );
}

function ConnectionLink({ name }: { name: string }) {
  const connections = useConnections();
  const found = connections.data?.find((connection) => connection.name === name);
  return found === undefined ? name : <Link href={`/connections/${found.id}`}>{name}</Link>;
}

function Agents({ names }: { names: readonly string[] }) {
  if (names.length === 0) return 'none';
  return names.map((name, index) => (
    <span key={name}>
      {index > 0 && ', '}
      <Link href={`/agents/${name}`}>{name}</Link>
    </span>
  ));
}

/** The connector's last activity. */
function activity({ id, mode, health }: WireConnector): readonly Fact[] {
  if (mode === 'outbound') {
    return [{ label: 'Last delivery', value: <LastTime at={health.last_delivery_at} /> }];
  }
  const failed = health.failed_24h === 0 ? '' : `, ${countText(health.failed_24h)} failed`;
  return [
    { label: 'Last event', value: <LastTime at={health.last_event_at} /> },
    {
      label: 'Last 24 hours',
      value: (
        <>
          <Link href={`/runs?connector=${id}`}>{`${counted(health.runs_24h, 'run')}${failed}`}</Link>
          {health.filtered_24h > 0 && (
            <>
              {', '}
              <Link
                href={`/triggers?connector=${id}&outcome=filtered`}
              >{`${counted(health.filtered_24h, 'event')} filtered`}</Link>
            </>
          )}
        </>
      ),
    },
  ];
}

/** Why an event may be missing: the newest refused request, with the reason. */
function LastRefused({ id }: { id: string }) {
  const { data: refused } = useLastRefused(id);
  if (refused === undefined) return '…';
  if (refused === null) return 'none in the last day';
  return (
    <>
      <Link href={`/triggers/${refused.request_id}`}>
        <RelativeTime at={refused.at} />
      </Link>
      : {refused.detail}
    </>
  );
}

function LastTime({ at }: { at: string | null }) {
  return at === null ? 'none yet' : <RelativeTime at={at} />;
}
