/** What protects a deployment and its data, by its template. The files run together as in `ways.test.ts`. */
import { afterAll } from '@jest/globals';
import './agents-access.ts';
import './alarms.ts';
import './encryption.ts';
import './limits.ts';
import './nag.ts';
import './network.ts';
import './retention.ts';
import { removeAssemblies } from './synthesized.ts';

afterAll(removeAssemblies);
