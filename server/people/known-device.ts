import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { PeopleParts } from "./people-parts.ts";

/**
 * The mark of a browser in which people signed in before. It opens nothing: it gives wrong passwords that come from
 * there a count of their own. Sealed, so that only this server makes one, and nothing about it is stored.
 */
const context = { table: "person", rowId: "any", column: "known_device" };
const content = z.tuple([z.string(), z.array(z.string())]);
/** As many people as share one browser. */
const mostPeople = 5;

type Device = { readonly id: string; readonly people: readonly string[] };

async function readDevice(
  { keyRing, defaultWorkspaceId }: PeopleParts,
  mark: string | undefined,
): Promise<Device | undefined> {
  if (mark === undefined || mark.length > 1_000) return undefined;
  const keys = await keyRing.forWorkspace(defaultWorkspaceId);
  try {
    const [id, people] = content.parse(JSON.parse(keys.open(context, mark).toString("utf8")));
    return { id, people };
  } catch {
    // Made by another installation, or by a guess: a browser like all others.
    return undefined;
  }
}

/** The name of this browser where this person signed in from it before. */
export async function knownDeviceOf(
  parts: PeopleParts,
  mark: string | undefined,
  personId: string | undefined,
): Promise<string | undefined> {
  const device = await readDevice(parts, mark);
  return personId !== undefined && device?.people.includes(personId) ? device.id : undefined;
}

/** The mark of the same browser after this person signed in, for its cookie. */
export async function markDevice(
  parts: PeopleParts,
  mark: string | undefined,
  personId: string,
): Promise<string> {
  const before = await readDevice(parts, mark);
  const people = [personId, ...(before?.people ?? []).filter((one) => one !== personId)];
  const keys = await parts.keyRing.forWorkspace(parts.defaultWorkspaceId);
  const id = before?.id ?? randomBytes(16).toString("base64url");
  return keys.seal(context, JSON.stringify([id, people.slice(0, mostPeople)]));
}
