/** How the page and the command line read answers: with the digits of every number, as a run's payload has them. */
export { parseExactly } from '../../core/json/exact-json.ts';
