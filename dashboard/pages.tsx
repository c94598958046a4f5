import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Loading } from './parts/loading.tsx';
import { NotFoundPage } from './shell/not-found-page.tsx';

const OverviewPage = lazy(() => import('./overview/overview-page.tsx'));
const AgentsPage = lazy(() => import('./agents/agents-page.tsx'));
const AgentPage = lazy(() => import('./agents/agent-page.tsx'));
const ConnectorsPage = lazy(() => import('./connectors/connectors-page.tsx'));
const ConnectorPage = lazy(() => import('./connectors/connector-page.tsx'));
const CreatePage = lazy(() => import('./create/create-page.tsx'));
const RunsPage = lazy(() => import('./runs/runs-page.tsx'));
const RunPage = lazy(() => import('./runs/run-page.tsx'));
const DeliveriesPage = lazy(() => import('./deliveries/deliveries-page.tsx'));
const DeadLettersPage = lazy(() => import('./deliveries/dead-letters-page.tsx'));
const SettingsPage = lazy(() => import('./settings/settings-page.tsx'));

/** The page of the address; the code of each is loaded when it is opened. */
export function Pages() {
  return (
    <Suspense fallback={<Loading />}>
      <Switch>
        <Route path="/">{() => <OverviewPage />}</Route>
        <Route path="/agents">{() => <AgentsPage />}</Route>
        <Route path="/agents/:name">{({ name }) => <AgentPage key={name} name={name} />}</Route>
        <Route path="/connectors">{() => <ConnectorsPage />}</Route>
        <Route path="/connectors/new">{() => <CreatePage />}</Route>
        <Route path="/connectors/:id">{({ id }) => <ConnectorPage key={id} id={id} />}</Route>
        <Route path="/runs">{() => <RunsPage />}</Route>
        <Route path="/runs/:id">{({ id }) => <RunPage key={id} id={id} />}</Route>
        <Route path="/deliveries">{() => <DeliveriesPage />}</Route>
        <Route path="/dead-letters">{() => <DeadLettersPage />}</Route>
        <Route path="/settings">{() => <SettingsPage />}</Route>
        <Route>{() => <NotFoundPage />}</Route>
      </Switch>
    </Suspense>
  );
}
