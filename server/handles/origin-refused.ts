import { PluginError } from "../../plugin/plugin-error.ts";

/** To what a secret belongs, which says where its origins are changed. */
export type Belonging = "own_account" | "vault_entry" | "tool";

/** The most origins that one sentence names. */
const mostNamed = 3;

/**
 * Why a secret is not sent to an address. The sentence is for the agent and its owner: host names are in it, and
 * neither the secret nor the address that was tried.
 */
export const originRefused = (belongsTo: Belonging, origins: readonly string[]): PluginError =>
  new PluginError("SECRET_NOT_FOR_ORIGIN", {
    message: sentences[belongsTo](origins),
    details: { origins: [...origins] },
  });

const sentences: Readonly<Record<Belonging, (origins: readonly string[]) => string>> = {
  own_account: () =>
    "This secret is for Totem's own API only and is put into no request: use Verify TOTP Code or Platform API, or redeem it with the agent's own key at POST /api/v1/handles/redeem.",
  vault_entry: (origins) =>
    origins.length === 0
      ? "The vault entry of this secret belongs nowhere yet, so it is sent nowhere: its owner says in the vault where it belongs."
      : `This secret is for ${namesOf(origins)} only: its owner can add an address to its entry in the vault.`,
  tool: (origins) =>
    origins.length === 0
      ? "Nothing says where this code may be sent: set the base URL of the agent's HTTP Request tool, or the origins of Wait for Code, on the canvas."
      : `This code is for ${namesOf(origins)} only: Wait for Code and the base URL of HTTP Request say so on the canvas.`,
};

function namesOf(origins: readonly string[]): string {
  const named = origins.slice(0, mostNamed);
  const more = origins.length - named.length;
  return more > 0 ? `${named.join(", ")} and ${more} more` : named.join(" and ");
}
