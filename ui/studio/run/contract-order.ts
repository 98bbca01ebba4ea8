import { findContract, isTool } from "../../../plugin/catalogue.ts";

/**
 * A tool's result with its fields as the contract names them. The database keeps JSON in an order of its
 * own, and people read "username, totp_code" more easily than what comes first by length.
 */
export function inContractOrder(tool: string, result: unknown): unknown {
  const contract = findContract(tool);
  if (!contract || !isTool(contract)) return result;
  if (typeof result !== "object" || result === null || Array.isArray(result)) return result;
  const names = Object.keys(contract.output.shape);
  const place = (name: string) => (names.includes(name) ? names.indexOf(name) : names.length);
  return Object.fromEntries(Object.entries(result).sort(([a], [b]) => place(a) - place(b)));
}
