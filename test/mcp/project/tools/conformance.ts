/** The text that the suite expects. */
export async function text(): Promise<string> {
  return 'This is a simple text response for testing.';
}

export async function fail(): Promise<never> {
  throw new Error('This tool intentionally returns an error for testing');
}
