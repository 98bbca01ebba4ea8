import encodeQR from "qr";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readOtpauthUri } from "../../../plugin/enrolment/otpauth-uri.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode } from "../../support/independent-code.ts";
import { type PersonSession, signInPerson } from "../../support/person-session.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
let person: PersonSession;
let secret: string;
let backup: string[];
let entry: string;
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const sha1 = { algorithm: "SHA1", digits: 6, period: 30 } as const;
const code = () => independentCode(secret, sha1, clock.now());
const wrong = () => (code() === "000000" ? "111111" : "000000");

beforeAll(async () => {
  server = await startTestServer({ clock });
  person = await signInPerson(server);
  entry = (
    await server.api("POST", "/vault/entries", {
      name: "shown",
      enrolment: `otpauth://totp/Bank:ada?secret=${seed}&digits=8`,
    })
  ).body.id;
});
afterAll(() => server.stop());

/** As if the last proof were long ago, and the session were in use. */
const qr = async (withCode?: string) => {
  await server.database.kysely
    .updateTable("studio_session")
    .set({ proved_at: null, last_seen_at: clock.now() })
    .execute();
  return person.send(
    "GET",
    `/vault/entries/${entry}/qr`,
    undefined,
    withCode === undefined ? {} : { "x-totem-code": withCode },
  );
};

describe("a person's second step", () => {
  it("has to be made and confirmed before it opens anything, and is told once", async () => {
    expect((await qr("123456")).body.code).toBe("SECOND_STEP_MISSING");
    const made = await person.send("POST", "/auth/second-step");
    expect(made.status).toBe(201);
    const read = readOtpauthUri(made.body.otpauth_uri);
    if (!("secret" in read)) throw new Error("The URI cannot be read.");
    secret = read.secret;
    backup = made.body.backup_codes;
    expect(backup).toHaveLength(10);
    expect((await person.send("GET", "/auth/second-step")).body).toEqual({ on: false });
    expect((await qr(code())).body.code).toBe("SECOND_STEP_MISSING");
    expect((await person.send("POST", "/auth/second-step/confirm", { code: wrong() })).body.code).toBe(
      "CODE_REJECTED",
    );
    expect((await person.send("POST", "/auth/second-step/confirm", { code: code() })).body).toEqual({
      on: true,
    });
    expect((await person.send("POST", "/auth/second-step")).body.code).toBe("SECOND_STEP_PRESENT");
  });

  it("shows the QR code of an entry to whoever manages it, and a code works once", async () => {
    expect((await qr()).body.code).toBe("FRESH_PROOF_NEEDED");
    clock.advance(30);
    const used = code();
    const { status, text, headers } = await qr(used);
    expect([status, headers.get("content-type"), headers.get("cache-control")]).toEqual([
      200,
      "image/svg+xml",
      "no-store",
    ]);
    const uri = `otpauth://totp/Bank:ada?secret=${seed}&issuer=Bank&algorithm=SHA1&digits=8&period=30`;
    expect(text).toBe(encodeQR(uri, "svg", { ecc: "medium" }));
    expect((await qr(used)).body.code).toBe("CODE_REJECTED");
    const writer = (await server.api("POST", "/keys", { name: "writer", scopes: ["vault:write"] })).body.key;
    // The one who keeps an entry is not the one who may see its seed.
    const own = (await server.as(writer)("POST", "/vault/entries", { name: "kept", one_time: {} })).body.id;
    for (const id of [entry, own]) {
      const path = `/api/v1/vault/entries/${id}/qr`;
      const headers = { authorization: `Bearer ${writer}`, "x-totem-code": code() };
      expect((await server.send("GET", path, undefined, headers)).body.code).toBe("FORBIDDEN");
    }
  });

  it("C10: counts wrong codes and wrong backup codes together, and locks both", async () => {
    clock.advance(60);
    expect((await qr(code())).status).toBe(200);
    clock.advance(60);
    const tries = [wrong(), "aaaaa-aaaaa", wrong(), "bbbbb-bbbbb", wrong()];
    for (const one of tries) expect((await qr(one)).body.code).toBe("CODE_REJECTED");
    for (const right of [code(), backup[0] ?? ""]) {
      const { status, body, headers } = await qr(right);
      expect([status, body.code]).toEqual([429, "RATE_LIMITED"]);
      expect(Number(headers.get("retry-after"))).toBe(900);
    }
    clock.advance(901);
    expect((await qr(backup[0])).status).toBe(200);
    expect((await qr(backup[0])).body.code).toBe("CODE_REJECTED");
  });

  it("C10: is locked for twice as long every time, and only a right code ends that", async () => {
    const lock = async () => {
      for (let time = 0; time < 5; time++) expect((await qr(wrong())).body.code).toBe("CODE_REJECTED");
      const seconds = Number((await qr(code())).headers.get("retry-after"));
      clock.advance(seconds + 1);
      return seconds;
    };
    clock.advance(60);
    expect((await qr(code())).status).toBe(200);
    expect([await lock(), await lock(), await lock()]).toEqual([900, 1_800, 3_600]);
    // Fewer failures than lock, spread over time, make nobody forget the locks.
    for (let time = 0; time < 4; time++) expect((await qr(wrong())).body.code).toBe("CODE_REJECTED");
    clock.advance(24 * 60 * 60);
    expect((await qr(wrong())).body.code).toBe("CODE_REJECTED");
    const retry = Number((await qr(code())).headers.get("retry-after"));
    expect(retry).toBe(7_200);
    clock.advance(retry + 1);
    expect((await qr(code())).status).toBe(200);
    expect(await lock()).toBe(900);
    // Nor do locks grow until nobody can come back.
    await server.database.kysely.updateTable("second_step").set({ locks_in_a_row: 1_000 }).execute();
    expect(await lock()).toBe(900 * 2 ** 12);
  });

  it("is taken away with a code of it only", async () => {
    clock.advance(60);
    person = await signInPerson(server);
    expect((await person.send("DELETE", "/auth/second-step", { code: wrong() })).body.code).toBe(
      "CODE_REJECTED",
    );
    expect((await person.send("DELETE", "/auth/second-step", { code: code() })).body).toEqual({ on: false });
    expect((await qr("123456")).body.code).toBe("SECOND_STEP_MISSING");
  });
});
