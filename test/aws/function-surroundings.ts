import { dirname, join } from 'node:path';
import { pythonTool } from '../python-tool.ts';

/** What functions of an emulated account find in their environment, beside what their deployment says. */
export function functionSurroundings(): Record<string, string> {
  return {
    // Functions run in this very Node.
    PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
    // Lambda's own runtime has the AWS SDK; what the CDK itself brings along (emptying a bucket) relies on it.
    NODE_PATH: join(import.meta.dirname, '../../node_modules'),
    // What the CDK uploads files with calls the command line of AWS, which a layer brings along.
    PYTHONPATH: join(import.meta.dirname, 'python-surroundings'),
    AWS_COMMAND: pythonTool('aws'),
  };
}
