const key = "totem.proof";

/**
 * The proof that goes with every request: without it the session's cookie opens nothing. Only pages of this origin can
 * read it, while the cookie goes to every port of this host.
 */
export function pageProof(): string {
  const known = localStorage.getItem(key);
  if (known !== null) return known;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  const proof = btoa(String.fromCharCode(...bytes)).replace(
    /[+/=]/g,
    (sign) => ({ "+": "-", "/": "_" })[sign] ?? "",
  );
  localStorage.setItem(key, proof);
  return proof;
}

/** After signing out: the next session gets another. */
export const forgetPageProof = (): void => localStorage.removeItem(key);
