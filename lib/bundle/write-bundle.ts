import { bundle } from './bundle.ts';

/** A program that bundles the entry point named by its first argument into the folder named by its second. */
const [entry = '', outputDir = ''] = process.argv.slice(2);
await bundle(entry, outputDir);
