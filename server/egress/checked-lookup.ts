import { lookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { PluginError } from "../../plugin/plugin-error.ts";

/**
 * Resolves a name when its connection is opened, so that the address that was checked is the one that is used. One
 * refused address among several refuses the name.
 */
export function lookupUnless(isRefused: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) =>
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error || !first) return callback(error ?? new PluginError("UPSTREAM_FAILED"), []);
      if (addresses.some(({ address }) => isRefused(address)))
        return callback(new PluginError("ADDRESS_REFUSED"), []);
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
}
