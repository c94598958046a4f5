/** The page shown if the dashboard was not built. */
export const missingDashboardPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Agent Connectors</title>
</head>
<body>
<h1>The engine is running, but the dashboard is not built</h1>
<p>Run this command in the product's folder, restart, and reload this page:</p>
<pre>npm run dashboard</pre>
<p>Everything else works: the command line (<code>npx connectors --help</code>), the connectors, and the
<a href="/api/v1/openapi.json">API</a>.</p>
</body>
</html>
`;
