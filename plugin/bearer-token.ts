/**
 * What Totem's own keys, sessions and links look like, wherever they stand: for leak scanners, and for all
 * that redacts. The group is the 43 characters after the prefix, which are all of the secret.
 */
export const bearerTokenPattern = /totem_(?:key|agent|session|link|mcp)_([A-Za-z0-9_-]{43})/;
