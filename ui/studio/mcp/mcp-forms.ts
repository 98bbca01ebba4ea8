/** What people paste into hosts. The token is part of the address: most of them cannot set headers. */
export const mcpAddress = (origin: string, token: string): string => `${origin}/mcp/${token}`;

export const mcpServersJson = (address: string): string =>
  JSON.stringify({ mcpServers: { totem: { url: address } } }, null, 2);
