import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

const root = import.meta.dirname;

/** The page has the product's version, because they are built and served together. */
const { version } = JSON.parse(readFileSync(join(root, '../package.json'), 'utf8'));

/** The URL of `npm start`; `npm run dashboard:dev` serves the page beside it. */
const product = process.env.CONNECTORS_URL ?? 'http://127.0.0.1:4000';
/** The product accepts the page's session only from its own origin. */
const own = { target: product, changeOrigin: true, headers: { origin: product } };

export default defineConfig({
  root,
  publicDir: join(root, 'public'),
  build: {
    outDir: join(root, '../dist/dashboard'),
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: { polyfill: false },
    // Inlined fonts and pictures would load even if unused.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
  define: { 'import.meta.env.VITE_PRODUCT_VERSION': JSON.stringify(version) },
  plugins: [precompress()],
  server: { proxy: { '/api': own, '/webhooks': own, '/health': own } },
});
