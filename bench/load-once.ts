import { pathToFileURL } from 'node:url';

/**
 * A program: imports the bundle that its argument names, and prints how much time of a processor that took, in ms. The
 * thread's own time and not the clock's: others who use the machine meanwhile are not counted.
 */
const [file = ''] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const before = process.threadCpuUsage();
await import(url);
const { user, system } = process.threadCpuUsage(before);
process.stdout.write(String((user + system) / 1_000));
