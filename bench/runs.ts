export async function benchRuns(_serverUrl: string): Promise<void> {}
