import { pathToFileURL } from 'node:url';

/**
 * A program that imports the bundle in its argument and prints the CPU time of that, in ms. It uses the thread's CPU
 * time rather than the clock, so other processes do not count.
 */
const [file = ''] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const before = process.threadCpuUsage();
await import(url);
const { user, system } = process.threadCpuUsage(before);
process.stdout.write(String((user + system) / 1_000));
