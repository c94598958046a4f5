import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { useDashboard } from './use-dashboard.ts';

const projectDir = await mkdtemp(join(tmpdir(), 'project-'));
await cp(join(import.meta.dirname, '../../project'), projectDir, { recursive: true });
await writeFile(
  join(projectDir, 'agents/tool-finder.yaml'),
  `version: "1.0"
name: tool-finder
model: demo/scripted
discoverable_tools: [orders.*]
mcp_servers:
  - { name: crm, url: "https://mcp.example.com/mcp?key=4711", tools: [find_*] }
  - { name: docs, url: https://docs.example.com/mcp, discoverable: true }
`,
);
const dashboard = useDashboard(projectDir);

afterAll(() => rm(projectDir, { recursive: true }));

describe('an agent that has left the project', () => {
  test('while it was paused has a page that shows what waits, and resumes it', async () => {
    const { operator, process: product } = dashboard;
    await operator.call('PATCH', '/agents/text-statistics', { paused: true });
    const waiting = await operator.startRun('text-statistics', { text: 'to be counted' });
    await product.stop('SIGTERM');
    await rm(join(projectDir, 'agents/text-statistics.yaml'));
    await product.start();

    const page = await dashboard.openSignedIn('/');
    const attention = page.getByRole('alert');
    await attention.getByRole('link', { name: 'text-statistics', exact: true }).click();
    await page.getByText('This agent was removed from the project while it was paused').waitFor();
    await page.getByText('1 waits.').waitFor();
    await page.getByText(waiting).waitFor();
    await page.getByRole('link', { name: 'Choose runs to cancel' }).click();
    await page.getByRole('checkbox', { name: `Select run ${waiting}` }).waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('There is no agent named "text-statistics".').waitFor();
    await page.getByRole('link', { name: 'its runs' }).click();
    await page.getByRole('checkbox', { name: `Select run ${waiting}` }).waitFor();
    const { waits_for: holder } = await operator.run(waiting);
    expect(holder).toBeNull();
  });
});

test('an agent has a page that shows its MCP servers and the tools that its model searches for', async () => {
  const page = await dashboard.openSignedIn('/agents/tool-finder');
  await page.getByText('crm: https://mcp.example.com/mcp, find_*').waitFor();
  await page.getByText('docs: https://docs.example.com/mcp, all tools, discoverable').waitFor();
  await page.getByText('Discoverable tools').waitFor();
  await page
    .getByText(/orders\.\w+/)
    .first()
    .waitFor();
});
