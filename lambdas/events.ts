import { guardedApi } from '../src/api/guarded-api.ts';
import { deployedCallers } from '../src/api/operators/deployed-callers.ts';
import { addEventRoutes } from '../src/api/routes/event-routes.ts';
import { callersOfDeployment } from '../src/engines/aws/entry/callers-of-deployment.ts';
import { functionEngine } from '../src/engines/aws/entry/function-engine.ts';
import { bufferedFunction, fetchAnswer } from '../src/engines/aws/entry/http-function.ts';

const engine = functionEngine();
const authenticate = deployedCallers(engine, callersOfDeployment());
const api = guardedApi(engine, { authenticate }, [addEventRoutes]);

/** Serves `/api/v1/events`: what changed since the caller's last request. Dashboards poll it, so it stays small. */
export const handler = bufferedFunction((event) => fetchAnswer(api, event));
