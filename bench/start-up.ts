export async function benchStartUp(_serverUrl: string): Promise<void> {}
