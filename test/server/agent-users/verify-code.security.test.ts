import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openTestRooms, refusalOf, type TestRooms } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
let username: string;
beforeAll(async () => {
  rooms = await openTestRooms();
});
beforeEach(async () => {
  username = (await rooms.enroll()).username;
});
afterAll(() => rooms.close());

const verify = (code: string, who = username) =>
  rooms.agentUsers.verifyOf(rooms.administrator, { username: who, code });
const fail = async (times: number) => {
  const wrong = await rooms.wrongCode(username);
  for (let time = 0; time < times; time++) expect(await refusalOf(verify(wrong))).toBe("CODE_REJECTED");
};

describe("one-time codes", () => {
  it("C1: accepts a code once, and refuses it in its own step, the next and the one after", async () => {
    const code = await rooms.codeAt(username);
    await verify(code);
    for (const _step of [0, 1, 2]) {
      expect(await refusalOf(verify(code))).toBe("CODE_REJECTED");
      rooms.clock.advance(30);
    }
  });

  it("C1: stores the matched step: a code used early is spent, older ones with it, a newer one is not", async () => {
    const [now, next] = [await rooms.codeAt(username), await rooms.codeAt(username, 1)];
    await verify(next);
    expect(await refusalOf(verify(next))).toBe("CODE_REJECTED");
    expect(await refusalOf(verify(now))).toBe("CODE_REJECTED");
    rooms.clock.advance(30);
    expect(await refusalOf(verify(next))).toBe("CODE_REJECTED");
    await verify(await rooms.codeAt(username, 1));
  });

  it("C1: accepts a newer code in the same step of the server", async () => {
    await verify(await rooms.codeAt(username, -1));
    await verify(await rooms.codeAt(username, 0));
    await verify(await rooms.codeAt(username, 1));
  });

  it("C2: lets one of 50 parallel identical codes through", async () => {
    const code = await rooms.codeAt(username);
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => verify(code)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  });

  it("lets a tool call that is repeated after a crash find its own acceptance, and no other call", async () => {
    const code = await rooms.codeAt(username);
    const verifyIn = (callId: string) =>
      rooms.agentUsers.verifyOf({ ...rooms.administrator, trace: { callId } }, { username, code });
    await verifyIn("call 1");
    await verifyIn("call 1");
    expect(await refusalOf(verifyIn("call 2"))).toBe("CODE_REJECTED");
  });

  it("C4: refuses every other spelling of a code, and spends no attempt on it", async () => {
    const code = await rooms.codeAt(username);
    const fullWidth = [...code].map((digit) => String.fromCodePoint(0xff10 + Number(digit))).join("");
    const arabic = [...code].map((digit) => String.fromCodePoint(0x0660 + Number(digit))).join("");
    const variants = [
      `${code} `,
      ` ${code}`,
      `${code.slice(0, 3)} ${code.slice(3)}`,
      `${code}\t`,
      `${code}\n`,
      `\u00a0${code}`,
      fullWidth,
      arabic,
      `+${code}`,
      `0${code}`,
      "",
    ];
    for (const variant of variants) expect(await refusalOf(verify(variant))).toBe("CODE_REJECTED");
    await verify(code);
    expect(await refusalOf(verify(`${code} `))).toBe("CODE_REJECTED");
  });

  it("C5: a wrong guess does not spend the code it happens to be later", async () => {
    const later = await rooms.codeAt(username, 2);
    expect(await refusalOf(verify(later))).toBe("CODE_REJECTED");
    rooms.clock.advance(30);
    await verify(later);
  });

  it("C6: accepts one step either side and not two", async () => {
    for (const steps of [-2, 2])
      expect(await refusalOf(verify(await rooms.codeAt(username, steps)))).toBe("CODE_REJECTED");
    for (const steps of [-1, 0, 1]) await verify(await rooms.codeAt(username, steps));
  });

  it("C6: accepts the current step only in the strict profile", async () => {
    const strict = await openTestRooms({ window: 0 });
    const { username: who } = await strict.enroll();
    const claim = async (steps: number) =>
      strict.agentUsers.verifyOf(strict.administrator, {
        username: who,
        code: await strict.codeAt(who, steps),
      });
    for (const steps of [-1, 1]) expect(await refusalOf(claim(steps))).toBe("CODE_REJECTED");
    await claim(0);
    await strict.close();
  });
});

describe("guessing limits", () => {
  it("C8: allows 5 failures a minute and refuses the sixth attempt, right or wrong, until the minute is over", async () => {
    await fail(5);
    const refusal = await verify(await rooms.codeAt(username)).catch(
      (error: { code: string; retryAfterSeconds: number }) => error,
    );
    expect(refusal).toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: 60 });
    rooms.clock.advance(59);
    expect(await refusalOf(verify(await rooms.codeAt(username)))).toBe("RATE_LIMITED");
    rooms.clock.advance(1);
    await verify(await rooms.codeAt(username));
  });

  it("C8: slides: four late failures and four early ones are not eight in a minute", async () => {
    await fail(1);
    rooms.clock.advance(50);
    await fail(4);
    expect(await refusalOf(verify(await rooms.wrongCode(username)))).toBe("RATE_LIMITED");
    rooms.clock.advance(10);
    await fail(1);
    expect(await refusalOf(verify(await rooms.wrongCode(username)))).toBe("RATE_LIMITED");
  });

  it("C8: locks for 15 minutes after 10 failures in a row, and unlocks by itself", async () => {
    await fail(5);
    rooms.clock.advance(60);
    await fail(5);
    rooms.clock.advance(61);
    const refusal = await verify(await rooms.codeAt(username)).catch(
      (error: { code: string; retryAfterSeconds: number }) => error,
    );
    expect(refusal).toMatchObject({ code: "RATE_LIMITED", retryAfterSeconds: 15 * 60 - 61 });
    rooms.clock.advance(15 * 60 - 61);
    await verify(await rooms.codeAt(username));
  });

  it("C8: locks for twice as long each time, until a code is accepted", async () => {
    const lockOf = async () => {
      await fail(5);
      rooms.clock.advance(61);
      await fail(5);
      const refusal = await verify(await rooms.codeAt(username)).catch(
        (error: { retryAfterSeconds: number }) => error,
      );
      const seconds = (refusal as { retryAfterSeconds: number }).retryAfterSeconds;
      rooms.clock.advance(seconds);
      return seconds / 60;
    };
    expect([await lockOf(), await lockOf(), await lockOf()]).toEqual([15, 30, 60]);
    await verify(await rooms.codeAt(username));
    expect(await lockOf()).toBe(15);
  });

  it("C8: a success clears the count, and affects no other agent user", async () => {
    const other = (await rooms.enroll()).username;
    await fail(4);
    await verify(await rooms.codeAt(username));
    await fail(5);
    expect(await refusalOf(verify(await rooms.wrongCode(username)))).toBe("RATE_LIMITED");
    await verify(await rooms.codeAt(other), other);
  });

  it("C9: a burst of 100 wrong codes spends the budget and not one more", async () => {
    const wrong = await rooms.wrongCode(username);
    const codes = await Promise.all(Array.from({ length: 100 }, () => refusalOf(verify(wrong))));
    expect(codes.filter((code) => code === "CODE_REJECTED")).toHaveLength(5);
    expect(codes.filter((code) => code === "RATE_LIMITED")).toHaveLength(95);
    const row = await rooms.db
      .selectFrom("agent_user")
      .select("failures_in_a_row")
      .where("username", "=", username)
      .executeTakeFirstOrThrow();
    expect(row.failures_in_a_row).toBe(5);
  });

  it("C9: a fault of ours spends no attempt", async () => {
    const row = await rooms.db
      .selectFrom("agent_user")
      .selectAll()
      .where("username", "=", username)
      .executeTakeFirstOrThrow();
    await rooms.db
      .updateTable("agent_user")
      .set({ sealed_secret: `${row.sealed_secret.slice(0, -2)}AA` as never })
      .where("id", "=", row.id)
      .execute();
    expect(await refusalOf(verify("123456"))).toBe("SEALED_VALUE_UNREADABLE");
    await rooms.db
      .updateTable("agent_user")
      .set({ sealed_secret: row.sealed_secret })
      .where("id", "=", row.id)
      .execute();
    await fail(5);
  });
});

describe("what a refusal tells", () => {
  it("C7: nothing: wrong, used and late codes are answered alike, and the log knows which", async () => {
    const used = await rooms.codeAt(username);
    const late = await rooms.codeAt(username, -5);
    await verify(used);
    const answers = [];
    for (const code of [used, late, await rooms.wrongCode(username), "12 456"]) {
      answers.push(
        await verify(code).catch((error: Error & { code: string }) =>
          JSON.stringify([error.code, error.message]),
        ),
      );
    }
    expect(new Set(answers).size).toBe(1);
    expect((await rooms.auditOf(username)).map((event) => event.reason)).toEqual([
      null,
      null,
      "used",
      "wrong",
      "wrong",
      "malformed",
    ]);
  });
});
