import { Agent, request } from 'node:http';

export interface Request {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/**
 * Sends requests over one connection, each after the previous answer.
 *
 * @param wanted the request, or what makes one, where each is another
 * @returns the time of each from its start to the end of its answer, in ms
 */
export async function measureLatencies(wanted: Request | (() => Request), count: number): Promise<number[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times: number[] = [];
  try {
    for (let done = 0; done < count; done++) {
      const one = typeof wanted === 'function' ? wanted() : wanted;
      const begin = performance.now();
      await sendOnce(one, agent);
      times.push(performance.now() - begin);
    }
  } finally {
    agent.destroy();
  }
  return times;
}

function sendOnce(wanted: Request, agent: Agent): Promise<void> {
  const { url, method = 'POST', headers, body = '' } = wanted;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`${url} answered ${answer.statusCode}`));
      answer.resume().on('end', resolve).on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
