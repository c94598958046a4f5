import { Suspense } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { ErrorBoundary } from './parts/error-boundary.tsx';
import { loadLater } from './parts/load-later.ts';
import { Loading } from './parts/loading.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';

const OverviewPage = loadLater(() => import('./overview/overview-page.tsx'));
const AgentsPage = loadLater(() => import('./agents/agents-page.tsx'));
const AgentPage = loadLater(() => import('./agents/agent-page.tsx'));
const ConnectorsPage = loadLater(() => import('./connectors/connectors-page.tsx'));
const ConnectorPage = loadLater(() => import('./connectors/connector-page.tsx'));
const AsCodePage = loadLater(() => import('./connectors/as-code-page.tsx'));
const CreatePage = loadLater(() => import('./create/create-page.tsx'));
const ConnectionsPage = loadLater(() => import('./connections/connections-page.tsx'));
const CreateConnectionPage = loadLater(() => import('./connections/create-connection-page.tsx'));
const ConnectionPage = loadLater(() => import('./connections/connection-page.tsx'));
const RunsPage = loadLater(() => import('./runs/runs-page.tsx'));
const RunPage = loadLater(() => import('./runs/run-page.tsx'));
const DeliveriesPage = loadLater(() => import('./deliveries/deliveries-page.tsx'));
const DeliveryPage = loadLater(() => import('./deliveries/delivery-page.tsx'));
const TriggerPage = loadLater(() => import('./triggers/trigger-page.tsx'));
const TriggersPage = loadLater(() => import('./triggers/triggers-page.tsx'));
const RefusedRequestsPage = loadLater(() => import('./triggers/refused-requests-page.tsx'));
const DeadLettersPage = loadLater(() => import('./deliveries/dead-letters-page.tsx'));
const BudgetsPage = loadLater(() => import('./budgets/budgets-page.tsx'));
const SettingsPage = loadLater(() => import('./settings/settings-page.tsx'));

/**
 * The page for the current URL. Each page's code loads when it opens, and an error in one leaves the others reachable.
 */
export function Pages() {
  const [path] = useLocation();
  return (
    <ErrorBoundary key={path}>
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/">{() => <OverviewPage />}</Route>
          <Route path="/agents">{() => <AgentsPage />}</Route>
          <Route path="/agents/:name">{({ name }) => <AgentPage key={name} name={name} />}</Route>
          <Route path="/connectors">{() => <ConnectorsPage />}</Route>
          <Route path="/connectors/new">{() => <CreatePage />}</Route>
          <Route path="/connectors/:id">{({ id }) => <ConnectorPage key={id} id={id} />}</Route>
          <Route path="/connectors-as-code">{() => <AsCodePage />}</Route>
          <Route path="/connections">{() => <ConnectionsPage />}</Route>
          <Route path="/connections/new">{() => <CreateConnectionPage />}</Route>
          <Route path="/connections/:id">{({ id }) => <ConnectionPage key={id} id={id} />}</Route>
          <Route path="/runs">{() => <RunsPage />}</Route>
          <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
          <Route path="/deliveries">{() => <DeliveriesPage />}</Route>
          <Route path="/deliveries/:id">{({ id }) => <DeliveryPage key={id} id={id} />}</Route>
          <Route path="/triggers">{() => <TriggersPage />}</Route>
          <Route path="/triggers/:id">{({ id }) => <TriggerPage key={id} id={id} />}</Route>
          <Route path="/refused-requests">{() => <RefusedRequestsPage />}</Route>
          <Route path="/dead-letters">{() => <DeadLettersPage />}</Route>
          <Route path="/budgets">{() => <BudgetsPage />}</Route>
          <Route path="/settings">{() => <SettingsPage />}</Route>
          <Route>{() => <NotFoundPage />}</Route>
        </Switch>
      </Suspense>
    </ErrorBoundary>
  );
}
