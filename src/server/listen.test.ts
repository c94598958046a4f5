import { createServer } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { listen } from './listen.ts';

describe('listening', () => {
  test('picks a free port for 0 and tells the address', async () => {
    const server = createServer();
    const address = await listen(server, '127.0.0.1', 0);
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d{4,5}$/);
    server.close();
  });

  test('on a port in use says which, and what to do', async () => {
    const first = createServer();
    const port = Number(new URL(await listen(first, '127.0.0.1', 0)).port);
    await expect(listen(createServer(), '127.0.0.1', port)).rejects.toMatchObject({
      code: 'port-in-use',
      message: `Port ${port} on 127.0.0.1 is in use. Set PORT to another port; PORT=0 picks a free one.`,
    });
    first.close();
  });

  test("on an address of another machine says that it is none of this one's", async () => {
    await expect(listen(createServer(), '192.0.2.1', 0)).rejects.toMatchObject({
      code: 'address-not-available',
      message: expect.stringContaining('This machine has no address "192.0.2.1".'),
    });
  });
});
