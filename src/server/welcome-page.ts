import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; --ink: light-dark(#1c2430, #e6eaf0); --soft: light-dark(#5b6675, #9aa5b4);
  --paper: light-dark(#fbfbfd, #12161c); --card: light-dark(#fff, #1a2028); --line: light-dark(#e2e6ec, #2b3440);
  --accent: light-dark(#3b5bdb, #8da2fb); --good: light-dark(#2b8a3e, #69db7c); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.6 system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 4rem 1.5rem; }
h1 { margin: 0 0 .5rem; font-size: 2rem; line-height: 1.2; letter-spacing: -.02em; }
h2 { margin: 0 0 .25rem; font-size: 1.05rem; }
p { margin: 0 0 1rem; color: var(--soft); }
.status { display: inline-flex; align-items: center; gap: .5rem; margin-bottom: 1.5rem; font-size: .9rem; color: var(--good); }
.status::before { content: ''; width: .6rem; height: .6rem; border-radius: 50%; background: currentColor; }
section { margin-top: 1.25rem; padding: 1.25rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem; }
section p { margin-bottom: .75rem; }
pre { margin: 0; padding: .75rem 1rem; overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: .5rem; }
code { font: .875rem/1.6 ui-monospace, SFMono-Regular, Menlo, monospace; }
a { color: var(--accent); }
footer { margin-top: 2rem; font-size: .9rem; color: var(--soft); }
`;

/** What somebody sees who opens the address in a browser: that it runs, and what to try next. No script, no secret. */
export const welcomePage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Agent Connectors</title>
<style>${style}</style>
</head>
<body>
<main>
<div class="status">The engine is running</div>
<h1>Agent Connectors</h1>
<p>Webhooks trigger your agents, and their results go where they are needed. Try it from a terminal in the project's folder.</p>
<section>
<h2>See the agents</h2>
<p>Every agent of the project folder, with its connectors.</p>
<pre><code>npx connectors agents</code></pre>
</section>
<section>
<h2>Give an agent a URL</h2>
<p>A sync webhook answers with the agent's result. The command prints the URL and its secret.</p>
<pre><code>npx connectors create sync --agent &lt;name&gt;</code></pre>
</section>
<section>
<h2>Call it</h2>
<p>With the URL and the secret of your connector:</p>
<pre><code>curl &lt;url&gt; \\
  -H "X-Connic-Secret: &lt;secret&gt;" \\
  -H "Content-Type: application/json" \\
  -d '{"message": "Hello"}'</code></pre>
</section>
<section>
<h2>Watch the runs</h2>
<p>Live, as they start and end.</p>
<pre><code>npx connectors runs --follow</code></pre>
</section>
<footer>
All of it is an API as well: <a href="/api/v1/openapi.json">OpenAPI 3.1 description</a>. Its calls need the token that
was printed at the first start.
</footer>
</main>
</body>
</html>
`;

/** The page's own style sheet and nothing else may act on it. */
export const welcomeHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-cache',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};
