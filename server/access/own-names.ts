export interface OwnNames {
  /** The address that people and programs use, where it is set. */
  readonly publicUrl: string | undefined;
  /** What this server listens on. */
  readonly host: string;
}

const loopback = /^(localhost|[a-z0-9.-]+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Ports do not matter: a container or a tunnel may have another than this process. */
export function isOwnName(
  { publicUrl, host }: OwnNames,
  sent: string | undefined,
  localAddress: string | undefined,
): boolean {
  const [, name] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(sent ?? "") ?? [];
  if (name === undefined) return false;
  if (loopback.test(name)) return true;
  const listensOn = [host.toLowerCase(), localAddress?.replace(/^::ffff:/i, "")];
  return (
    (publicUrl !== undefined && name === new URL(publicUrl).hostname) ||
    listensOn.some((own) => own !== undefined && !isWildcard(own) && (name === own || name === `[${own}]`))
  );
}

const isWildcard = (address: string): boolean => address === "0.0.0.0" || address === "::";
