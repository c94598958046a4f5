/** What a deployment consists of, by its template. The files run together as in `ways.test.ts`. */
import { afterAll } from '@jest/globals';
import './adopted.ts';
import './cost.ts';
import './dashboard.ts';
import './deployment-order.ts';
import './gateway.ts';
import './resources.ts';
import './settings.ts';
import { removeAssemblies } from './synthesized.ts';

afterAll(removeAssemblies);
