import { pathToFileURL } from 'node:url';

/** A program: imports the bundle that its argument names, and prints how long that took, in ms. */
const [file = ''] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const begin = performance.now();
await import(url);
process.stdout.write(String(performance.now() - begin));
