/** The name of a trust domain, as its workloads' names begin. */
export const trustDomainPattern = /^spiffe:\/\/[a-z0-9._-]{1,255}$/;

/** Whether a name is one of a workload of this trust domain (SPIFFE-ID sections 2 and 2.2). */
export function isSpiffeId(name: string, trustDomain: string): boolean {
  if (!name.startsWith(`${trustDomain}/`)) return false;
  const segments = name.slice(trustDomain.length + 1).split("/");
  return segments.every(
    (segment) => /^[a-zA-Z0-9._-]+$/.test(segment) && segment !== "." && segment !== "..",
  );
}

/** The trust domain that a name claims. */
export const trustDomainOf = (name: unknown): string | undefined =>
  typeof name === "string" ? /^spiffe:\/\/[a-z0-9._-]{1,255}(?=\/)/.exec(name)?.[0] : undefined;
