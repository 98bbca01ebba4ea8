import { lookup } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { MayEnd } from "./allow-list.ts";
import { addressRefused } from "./judge-address.ts";

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Asks for the addresses of a name. Tests pass their own, as they pass a clock. */
export type ResolveName = (name: string) => Promise<readonly ResolvedAddress[]>;

/** As the operating system answers, with its hosts file. */
export const resolveName: ResolveName = (name) =>
  new Promise((resolve, reject) =>
    lookup(name, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses))),
  );

/**
 * Resolves a name when its connection is opened, so that the address that was checked is the one that is used. One
 * refused address among several refuses the name: which of them is taken is not ours to say.
 */
export function checkedLookup(resolve: ResolveName, mayEnd: MayEnd): LookupFunction {
  return (name, { all, family }, callback) => {
    const answer = async (): Promise<ResolvedAddress[]> => {
      const found = await resolve(name);
      if (found.some(({ address }) => !mayEnd(address))) throw addressRefused("inside");
      const wanted = found.filter((each) => (family !== 4 && family !== 6 ? true : each.family === family));
      if (wanted.length === 0)
        throw new PluginError("UPSTREAM_FAILED", { message: "No server has that name." });
      return wanted.map(({ address }) => ({ address, family: isIP(address) }));
    };
    answer().then(
      (found) => {
        const [first] = found;
        if (all || !first) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error) => callback(error, []),
    );
  };
}
