/** Computes forever. */
export async function compute(): Promise<never> {
  for (;;);
}

/** Allocates memory forever. */
export async function fill(): Promise<never> {
  const taken: Buffer[] = [];
  for (;;) taken.push(Buffer.alloc(16 * 1024 * 1024, taken.length));
}
