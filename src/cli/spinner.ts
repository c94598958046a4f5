import { colours } from './colours.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 80;

/**
 * Shows a spinner while `work` is pending: on stderr, and only on a terminal.
 *
 * @param text what the command waits for, in a few words
 */
export async function whileWaiting<Result>(text: string, work: () => Promise<Result>): Promise<Result> {
  const { stderr } = process;
  if (!stderr.isTTY) return work();
  const paint = colours(stderr);
  let frame = 0;
  const timer = setInterval(() => {
    stderr.write(`\r${paint.cyan(frames[frame++ % frames.length] ?? '')} ${text}`);
  }, frameMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    stderr.write('\r\u001b[K');
  }
}
