import { bundle } from './bundle.ts';

/** A program: bundles the entry point that its first argument names into the folder that its second names. */
const [entry = '', outputDir = ''] = process.argv.slice(2);
await bundle(entry, outputDir);
