/** How the dashboard and the command line parse responses: numbers keep every digit, as in a run's payload. */
export { parseExactly } from '../../core/json/exact-json.ts';
