import { parseArgs } from 'node:util';
import { benchBacklog } from './backlog.ts';
import { benchBundles } from './bundles.ts';
import { benchCommands } from './commands.ts';
import { benchConnections } from './connections.ts';
import { benchControl } from './control.ts';
import { benchDashboard } from './dashboard.ts';
import { type Effort, fullEffort, quickEffort } from './effort.ts';
import { benchInbound } from './inbound.ts';
import { benchKafka } from './kafka.ts';
import { benchMemory } from './memory.ts';
import { benchNeighbour } from './neighbour.ts';
import { type Finding, printFindings, printMachine } from './report.ts';
import { benchSlack } from './slack.ts';
import { benchSqs } from './sqs.ts';
import { benchStart } from './start.ts';
import { benchStoredRuns } from './stored-runs.ts';
import { benchSync } from './sync.ts';
import { benchTicks } from './ticks.ts';

const benchmarks: Readonly<Record<string, (effort: Effort) => Promise<Finding[]>>> = {
  start: benchStart,
  commands: benchCommands,
  sync: benchSync,
  slack: benchSlack,
  connections: benchConnections,
  inbound: benchInbound,
  control: benchControl,
  backlog: benchBacklog,
  'stored-runs': benchStoredRuns,
  ticks: benchTicks,
  neighbour: benchNeighbour,
  bundles: benchBundles,
  // Needs Python 3, and control groups of version 1.
  memory: benchMemory,
  // Needs a JDK and Maven.
  kafka: benchKafka,
  // Needs Python 3.
  sqs: benchSqs,
  dashboard: benchDashboard,
};

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  allowPositionals: true,
});
const unknown = positionals.filter((name) => benchmarks[name] === undefined);
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown[0]}". There are: ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

printMachine();
let kept = true;
for (const [name, bench] of Object.entries(benchmarks)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const findings = await bench({ ...(values.quick ? quickEffort : fullEffort), only: values.only });
  printFindings(name, findings);
  kept &&= findings.every(({ budget }) => budget?.kept !== false);
}
process.exitCode = kept ? 0 : 1;
