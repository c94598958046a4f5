#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Caches compiled code between starts; if the folder is not writable, Node continues without a cache.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node-compile-cache', import.meta.url)));

const { main } = await import('../src/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
