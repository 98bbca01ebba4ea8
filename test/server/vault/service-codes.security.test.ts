import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { fixedClock } from "../../support/fixed-clock.ts";
import { independentCode, independentHotp } from "../../support/independent-code.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

const clock = fixedClock(new Date("2026-03-01T12:00:00Z"));
let server: TestServer;
const seed = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";
const other = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
const sha1 = { algorithm: "SHA1", digits: 6, period: 30 } as const;

beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

let counter = 0;
const add = async (more: object = {}): Promise<string> => {
  const { body } = await server.api("POST", "/vault/entries", {
    name: `entry ${++counter}`,
    one_time: { secret: seed },
    ...more,
  });
  return body.id;
};
const read = (id: string, minRemaining = 0, as = server.adminKey) =>
  server.as(as)("GET", `/vault/entries/${id}/code?min_remaining=${minRemaining}`);
/** Puts the clock this many seconds into a window. */
const into = (seconds: number) =>
  clock.set(new Date(Date.parse("2026-03-01T12:00:00Z") + ++counter * 600_000 + seconds * 1000));

describe("codes that work when they are used", () => {
  it("A8: waits for a fresh window when too little is left, to its first second and no longer", async () => {
    const id = await add();
    for (const [second, minRemaining, waits] of [
      [25, 5, 0],
      [26, 5, 4],
      [29, 1, 0],
      [29, 30, 1],
      [0, 30, 0],
      [1, 300, 29],
    ] as const) {
      into(second);
      const before = clock.now().getTime();
      const { status, body } = await read(id, minRemaining);
      expect(status).toBe(200);
      expect(clock.now().getTime() - before, `${second} ${minRemaining}`).toBe(waits * 1000);
      expect(body.expires_in).toBeGreaterThanOrEqual(Math.min(minRemaining, 30));
      expect(body.code).toBe(independentCode(seed, sha1, clock.now()));
      expect(body.server_time).toBe(clock.now().toISOString());
    }
  });

  it("A5: tells 1 to period seconds, and another code from the boundary on", async () => {
    const id = await add();
    into(29.999);
    const last = (await read(id)).body;
    clock.advance(0.001);
    const first = (await read(id)).body;
    expect([last.expires_in, first.expires_in]).toEqual([1, 30]);
    expect(first.code).not.toBe(last.code);
  });

  it("A9: hands a code of a single-use entry to one of many callers, and tells the others when to come back", async () => {
    const id = await add({ single_use: true });
    into(10);
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body, headers } of answers.filter((answer) => answer.status !== 200)) {
      expect([status, body.code]).toEqual([409, "CODE_IN_USE"]);
      expect(headers.get("retry-after")).toBe("20");
    }
    clock.advance(20);
    expect((await read(id)).status).toBe(200);
  });

  it("A9: lets those who can wait have a window each, and no two the same", async () => {
    const id = await add({ single_use: true });
    into(10);
    const answers = [await read(id, 3), await read(id, 3), await read(id, 3)];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => body.code)).size).toBe(3);
    // Nobody waits for longer than two windows.
    into(10);
    const crowd = await Promise.all(Array.from({ length: 10 }, () => read(id, 3)));
    const served = crowd.filter(({ status }) => status === 200);
    expect(served.length).toBeGreaterThanOrEqual(1);
    expect(new Set(served.map(({ body }) => body.code)).size).toBe(served.length);
  });

  it("counts an HOTP entry up by one for every code, also for many at once", async () => {
    const id = await add({ one_time: { type: "hotp", secret: seed, counter: 7 } });
    const codes = (await Promise.all(Array.from({ length: 10 }, () => read(id)))).map(({ body }) => body);
    expect(codes.map(({ code }) => code).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, index) => independentHotp(seed, sha1, 7 + index)).toSorted(),
    );
    expect(codes[0]).toMatchObject({ type: "hotp", expires_in: null, period: null });
  });

  it("A6: takes 6 and 8 digits, every algorithm and periods from 1 to 300 s", async () => {
    for (const algorithm of ["SHA1", "SHA256", "SHA512"] as const)
      for (const digits of [6, 8])
        for (const period of [1, 15, 60, 90, 300]) {
          const id = await add({ one_time: { secret: seed, algorithm, digits, period } });
          expect((await read(id)).body.code).toBe(
            independentCode(seed, { algorithm, digits, period }, clock.now()),
          );
        }
    for (const one_time of [{ period: 0 }, { period: 301 }, { digits: 7 }, { algorithm: "MD5" }])
      expect((await server.api("POST", "/vault/entries", { name: "no", one_time })).status).toBe(400);
  });
});

describe("seeds", () => {
  it("B1: are generated long enough for their algorithm, told once, and never again", async () => {
    const { body } = await server.api("POST", "/vault/entries", {
      name: "made here",
      one_time: { algorithm: "SHA256" },
    });
    expect(body.secret).toMatch(/^[A-Z2-7]{52}$/);
    for (const path of ["", "/data", "/code", "/grants"])
      expect((await server.api("GET", `/vault/entries/${body.id}${path}`)).text).not.toContain(body.secret);
    expect((await server.api("GET", "/vault/entries")).text).not.toContain(body.secret);
    const pasted = await server.api("POST", "/vault/entries", { name: "pasted", one_time: { secret: seed } });
    expect(pasted.text).not.toContain(seed);
  });

  it("B2: of 80 bits are taken, with a warning that stays visible", async () => {
    const { status, body } = await server.api("POST", "/vault/entries", {
      name: "weak",
      enrolment: "otpauth://totp/Old:ada?secret=JBSWY3DPEHPK3PXP",
    });
    expect(status).toBe(201);
    expect(body.warnings.map(({ code }: { code: string }) => code)).toContain("weak_secret");
    expect((await server.api("GET", `/vault/entries/${body.id}`)).body.one_time).toMatchObject({
      weak_secret: true,
      issuer: "Old",
      account: "ada",
    });
  });

  it("B4: that cannot be read are refused with the reason, never with what was sent", async () => {
    for (const secret of [
      "0189018901890189",
      "JBSWY3DP",
      "ＪＢＳＷＹ３ＤＰＥＨＰＫ３ＰＸＰ",
      "A".repeat(900),
    ]) {
      const { status, body, text } = await server.api("POST", "/vault/entries", {
        name: "no",
        one_time: { secret },
      });
      expect([status, body.code]).toEqual([400, "ENROLMENT_REFUSED"]);
      expect(body.errors[0].field).toBe("one_time.secret");
      expect(text).not.toContain(secret);
    }
  });

  it("B8: give agents no code until one was confirmed", async () => {
    const key = (await server.api("POST", "/keys", { name: "waiting", scopes: ["vault:read"] })).body.key;
    const id = await add({ pending: true });
    const grantee = { kind: "service_key", name: "waiting" };
    await server.api("PUT", `/vault/entries/${id}/grants`, { grantee, rights: ["codes"] });
    expect((await read(id, 0, key)).body.code).toBe("VAULT_ENTRY_PENDING");
    expect((await server.api("POST", `/vault/entries/${id}/confirm`, { code: "000000" })).body.code).toBe(
      "CODE_REJECTED",
    );
    const { code } = (await read(id)).body;
    expect((await server.api("POST", `/vault/entries/${id}/confirm`, { code })).body.one_time.pending).toBe(
      false,
    );
    expect((await read(id, 0, key)).status).toBe(200);
    const accepted = await add({ pending: true });
    expect((await server.api("POST", `/vault/entries/${accepted}/confirm`)).status).toBe(200);
  });

  it("B9: that were replaced give no code from then on, and an administrator can bring them back for a day", async () => {
    const id = await add();
    const old = (await read(id)).body.code;
    const put = await server.api("PUT", `/vault/entries/${id}/secret`, { one_time: { secret: other } });
    expect(put.body.restorable_until).not.toBe(null);
    expect((await read(id)).body.code).toBe(independentCode(other, sha1, clock.now()));
    expect((await server.api("POST", `/vault/entries/${id}/restore-secret`)).status).toBe(200);
    expect((await read(id)).body.code).toBe(old);
    await server.api("POST", `/vault/entries/${id}/restore-secret`);
    expect((await read(id)).body.code).toBe(independentCode(other, sha1, clock.now()));
    clock.advance(24 * 60 * 60 + 1);
    expect((await server.api("POST", `/vault/entries/${id}/restore-secret`)).body.code).toBe(
      "VAULT_SECRET_GONE",
    );
    const { body } = await server.api("GET", "/audit-events?limit=200");
    const actions = body.audit_events
      .filter(({ subject }: { subject: string }) => subject === id)
      .map(({ action }: { action: string }) => action);
    expect(actions).toContain("vault.secret_replaced");
    expect(actions).toContain("vault.secret_restored");
  });

  it("B9: replaced while a call waits for the next window give that call no code either", async () => {
    const id = await add();
    into(28);
    const sleep = clock.sleep;
    clock.sleep = async (milliseconds, signal) => {
      await server.api("PUT", `/vault/entries/${id}/secret`, { one_time: { secret: other } });
      return sleep(milliseconds, signal);
    };
    const { body } = await read(id, 10).finally(() => {
      clock.sleep = sleep;
    });
    expect(body.code).toBe(independentCode(other, sha1, clock.now()));
  });

  it("A9: put again as they are do not give a code a second time, also not of a counter", async () => {
    const id = await add({ single_use: true });
    const put = (one_time: object) => server.api("PUT", `/vault/entries/${id}/secret`, { one_time });
    into(1);
    expect((await read(id)).status).toBe(200);
    expect((await put({ secret: seed })).status).toBe(200);
    expect((await read(id)).body.code).toBe("CODE_IN_USE");
    const name = (await server.api("GET", `/vault/entries/${id}`)).body.name;
    const v0 = (method: string, body?: unknown) =>
      server.send(method, `/v0/vault/${encodeURIComponent(name)}`, body, {
        authorization: `Bearer ${server.adminKey}`,
      });
    expect((await v0("PUT", { type: "TOTP", data: { secret: seed } })).status).toBe(200);
    expect((await read(id)).body.code).toBe("CODE_IN_USE");
    await put({ type: "hotp", secret: seed, counter: 5 });
    const codes = [(await read(id)).body.code];
    await put({ type: "hotp", secret: seed, counter: 5 });
    codes.push((await read(id)).body.code);
    // Forward is where a counter may be set.
    await put({ type: "hotp", secret: seed, counter: 9 });
    codes.push((await read(id)).body.code);
    expect(codes).toEqual([5, 6, 9].map((at) => independentHotp(seed, sha1, at)));
  });

  it("B10: leave backup codes that are taken exactly once by 50 callers at a time", async () => {
    const backup_codes = Array.from({ length: 30 }, (_, index) => `backup-${index}`);
    const id = await add({ backup_codes });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => server.api("POST", `/vault/entries/${id}/backup-code`)),
    );
    const taken = answers.filter(({ status }) => status === 200).map(({ body }) => body);
    expect(taken.map(({ code }) => code).toSorted()).toEqual(backup_codes.toSorted());
    expect(taken.map(({ remaining }) => remaining).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 30 }, (_, index) => index),
    );
    expect((await server.api("POST", `/vault/entries/${id}/backup-code`)).body.code).toBe(
      "BACKUP_CODES_EXHAUSTED",
    );
  });
});

describe("B9: a call that waits for the next window is judged again when it wakes", () => {
  /** Reads with a wait, during which something happens. */
  const during = async (id: string, as: string, happens: () => Promise<unknown>) => {
    into(28);
    const { sleep } = clock;
    clock.sleep = async (milliseconds, signal) => {
      clock.sleep = sleep;
      await happens();
      return sleep(milliseconds, signal);
    };
    const { status, body } = await read(id, 10, as).finally(() => {
      clock.sleep = sleep;
    });
    return status === 200 ? "ok" : body.code;
  };
  const addKey = async (
    scopes = ["vault:read", "vault:write", "vault:open", "vault:backup", "vault:delete"],
  ): Promise<{ id: string; key: string; name: string }> => {
    const name = `waiting ${++counter}`;
    return { name, ...(await server.api("POST", "/keys", { name, scopes })).body };
  };
  const grantTo = (id: string, name: string, rights: string[], policy: object = {}) =>
    server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "service_key", name },
      rights,
      policy,
    });

  it("and gets its code where nothing happened", async () => {
    const [id, { key, name }] = [await add(), await addKey()];
    await grantTo(id, name, ["codes"]);
    expect(await during(id, key, async () => {})).toBe("ok");
    await grantTo(id, name, ["codes"], { max_reads_per_hour: 2 });
    expect(await during(id, key, async () => {})).toBe("ok");
  });

  it.each([
    [
      "its grant was taken away",
      (id: string, name: string) => grantTo(id, name, []),
      "VAULT_ENTRY_NOT_FOUND",
    ],
    ["its grant lost the right", (id: string, name: string) => grantTo(id, name, ["data"]), "FORBIDDEN"],
    [
      "its grant was narrowed",
      (id: string, name: string) => grantTo(id, name, ["codes"], { decision: "deny" }),
      "POLICY_REFUSED",
    ],
    [
      "its grant began to ask a person",
      (id: string, name: string) => grantTo(id, name, ["codes"], { decision: "approve" }),
      "APPROVAL_NEEDED",
    ],
    [
      "the entry was deleted",
      (id: string) => server.api("DELETE", `/vault/entries/${id}`),
      "VAULT_ENTRY_NOT_FOUND",
    ],
    [
      "the entry's time was over",
      (id: string) => server.api("PATCH", `/vault/entries/${id}`, { expires_at: clock.now().toISOString() }),
      "VAULT_ENTRY_EXPIRED",
    ],
    [
      "the entry got a seed that is not confirmed",
      (id: string) =>
        server.api("PUT", `/vault/entries/${id}/secret`, { one_time: { secret: seed }, pending: true }),
      "VAULT_ENTRY_PENDING",
    ],
  ])("and gets none where %s meanwhile", async (_, happens, code) => {
    const [id, { key, name }] = [await add(), await addKey()];
    await grantTo(id, name, ["codes"]);
    expect(await during(id, key, () => happens(id, name))).toBe(code);
  });

  it("and gets none where its key was revoked or ran out, also of its own entry", async () => {
    const own = async (as: string) =>
      (await server.as(as)("POST", "/vault/entries", { name: "own", one_time: { secret: seed } })).body.id;
    const revoked = await addKey();
    const entry = await own(revoked.key);
    const revoke = () => server.api("DELETE", `/keys/${revoked.id}`);
    expect(await during(entry, revoked.key, revoke)).toBe("UNAUTHENTICATED");
    const { body } = await server.api("GET", `/audit-events?subject=${entry}`);
    expect(body.audit_events[0]).toMatchObject({ action: "vault.code_read", result: "refused" });
    const late = await addKey();
    expect(
      await during(await own(late.key), late.key, () =>
        server.database.kysely
          .updateTable("service_key")
          .set({ expires_at: clock.now() })
          .where("id", "=", late.id)
          .execute(),
      ),
    ).toBe("UNAUTHENTICATED");
  });

  it("and gets none where its agent was disabled", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Waits");
    const agent = (await server.call(slug, "create")).body;
    const own = await server.as(agent.api_key)("POST", "/vault/entries", {
      name: "own",
      one_time: { secret: seed },
    });
    const disable = () => server.api("POST", `/agent-users/${agent.username}/disable`);
    expect(await during(own.body.id, agent.api_key, disable)).toBe("UNAUTHENTICATED");
  });
});

describe("what is sealed", () => {
  it("E4: gives an error and never a wrong code when it was swapped, changed or cut", async () => {
    const [first, second] = [await add(), await add({ one_time: { secret: other } })];
    const db = server.database.kysely;
    const sealedOf = async (id: string) =>
      (
        await db
          .selectFrom("vault_entry")
          .select("sealed_secret")
          .where("id", "=", id)
          .executeTakeFirstOrThrow()
      ).sealed_secret ?? "";
    const [mine, theirs] = [await sealedOf(first), await sealedOf(second)];
    const flipped = `${mine.slice(0, -2)}${mine.at(-2) === "A" ? "B" : "A"}${mine.at(-1)}`;
    for (const sealed of [theirs, flipped, mine.slice(0, -6)]) {
      await db
        .updateTable("vault_entry")
        .set({ sealed_secret: sealed as never })
        .where("id", "=", first)
        .execute();
      expect((await read(first)).body.code).toBe("SEALED_VALUE_UNREADABLE");
    }
  });

  it("E8: is gone from every table when its entry is deleted; the trace stays", async () => {
    const id = await add({ backup_codes: ["one", "two"], data: { password: "x" } });
    await server.api("PUT", `/vault/entries/${id}/secret`, { one_time: { secret: other } });
    await server.api("PUT", `/vault/entries/${id}/grants`, {
      grantee: { kind: "service_key", name: "waiting" },
      rights: ["codes"],
    });
    expect((await server.api("DELETE", `/vault/entries/${id}`)).status).toBe(204);
    const db = server.database.kysely;
    expect(await db.selectFrom("vault_entry").select("id").where("id", "=", id).execute()).toEqual([]);
    for (const table of ["vault_backup_code", "vault_replaced_secret", "vault_grant"] as const)
      expect(await db.selectFrom(table).select("entry_id").where("entry_id", "=", id).execute()).toEqual([]);
    const events = await db.selectFrom("audit_event").select("action").where("subject_id", "=", id).execute();
    expect(events.map(({ action }) => action)).toContain("vault.entry_deleted");
  });
});

describe("what is changed of an entry", () => {
  it("is what was sent and nothing else; its seed stays, and a name that is taken is refused", async () => {
    const id = await add({ data: { password: "old" }, metadata: { a: 1 } });
    const before = (await read(id)).body.code;
    const patch = (body: object) => server.api("PATCH", `/vault/entries/${id}`, body);
    const changed = (await patch({ name: "renamed", expires_at: "2099-01-01T00:00:00Z" })).body;
    expect(changed).toMatchObject({
      name: "renamed",
      metadata: { a: 1 },
      expires_at: "2099-01-01T00:00:00.000Z",
      last_rotated_at: null,
    });
    expect((await patch({ data: { password: "new" }, metadata: null })).body).toMatchObject({
      metadata: null,
    });
    expect((await server.api("GET", `/vault/entries/${id}/data`)).body.data).toEqual({ password: "new" });
    expect((await read(id)).body.code).toBe(before);
    await add({ name: "taken" });
    expect((await patch({ name: "taken" })).body.code).toBe("VAULT_NAME_TAKEN");
    expect((await patch({ expires_at: "2020-01-01T00:00:00Z" })).status).toBe(200);
    expect((await read(id)).body.code).toBe("VAULT_ENTRY_EXPIRED");
    expect((await patch({ secret: seed })).body.code).toBe("INPUT_INVALID");
  });
});
