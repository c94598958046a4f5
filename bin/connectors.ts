#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiled code is kept from one start to the next; where the folder cannot be written, Node goes on without.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/node-compile-cache', import.meta.url)));

const { main } = await import('../src/cli/main.ts');
process.exitCode = await main(process.argv.slice(2));
