import { X509Certificate } from "node:crypto";
import { afterAll, expect, it } from "vitest";
import { createAuthorities } from "../../../server/proxy/authority.ts";
import { openTestRooms } from "../../support/open-test-rooms.ts";

it("the certificate to trust is shown without its key being opened; a certificate for a host needs that key", async () => {
  const rooms = await openTestRooms();
  afterAll(() => rooms.close());
  const { db, keyRing, clock, workspaceId } = rooms;
  const authorities = createAuthorities({ db, keyRing, clock });
  const { certificate, fingerprint } = await authorities.find(workspaceId);
  expect(new X509Certificate(certificate).fingerprint256).toBe(fingerprint);
  await authorities.contextFor(workspaceId, "example.com");
  // A key that cannot be opened.
  const { sealed_key } = await db
    .selectFrom("proxy_authority")
    .select("sealed_key")
    .executeTakeFirstOrThrow();
  const broken = `${sealed_key.slice(0, -4)}AAAA` as typeof sealed_key;
  await db.updateTable("proxy_authority").set({ sealed_key: broken }).execute();
  expect((await authorities.find(workspaceId)).certificate).toBe(certificate);
  await expect(authorities.contextFor(workspaceId, "other.example.com")).rejects.toThrow();
});
