/**
 * How events get into a deployment, by its template. These files share one run because most of their time is the
 * CDK's start and the default template.
 */
import { afterAll } from '@jest/globals';
import './cron.ts';
import './events.ts';
import './kafka.ts';
import './polls.ts';
import './queues.ts';
import './rules.ts';
import './sockets.ts';
import './connector-bindings.ts';
import { removeAssemblies } from './synthesized.ts';

afterAll(removeAssemblies);
