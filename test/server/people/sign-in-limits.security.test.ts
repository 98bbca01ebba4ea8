import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { networkOf } from "../../../server/access/count-tries.ts";
import { countTry } from "../../../server/people/sign-in-limits.ts";
import { openTestRooms, refusalOf, type TestRooms } from "../../support/open-test-rooms.ts";

let rooms: TestRooms;
beforeAll(async () => {
  rooms = await openTestRooms();
});
afterAll(() => rooms.close());

const tryIt = (email: string, ip: string, knownDevice?: string) =>
  countTry(rooms, { email, ip, knownDevice });

describe("H8: tries to sign in", () => {
  it("2,000 of them from 2,000 addresses are ten for one person, and none is the owner's", async () => {
    let let_in = 0;
    for (let from = 0; from < 2_000; from++) {
      const ip = `10.${from >> 16}.${(from >> 8) & 255}.${from & 255}`;
      await tryIt("ada@example.com", ip).then(
        () => let_in++,
        (error: { code: string }) => expect(error.code).toBe("RATE_LIMITED"),
      );
    }
    expect(let_in).toBe(10);
    for (let time = 0; time < 10; time++) await tryIt("ada@example.com", "10.0.0.1", "her laptop");
    expect(await refusalOf(tryIt("ada@example.com", "10.0.0.1", "her laptop"))).toBe("RATE_LIMITED");
    await tryIt("ada@example.com", "10.0.0.1", "her phone");
    await tryIt("bo@example.com", "10.200.0.1");
  });

  it("are 50 an hour from one network, whatever addresses they name", async () => {
    for (let time = 0; time < 50; time++) await tryIt(`p${time}@example.com`, `2001:db8:1:2::${time}`);
    expect(await refusalOf(tryIt("fresh@example.com", "2001:db8:1:2:ffff::1"))).toBe("RATE_LIMITED");
    await tryIt("fresh@example.com", "2001:db8:1:3::1");
    rooms.clock.advance(3601);
    await tryIt("fresh@example.com", "2001:db8:1:2::1");
  });

  it("count at once when they come at once, and not when they are taken back", async () => {
    const all = await Promise.allSettled(
      Array.from({ length: 40 }, () => tryIt("race@example.com", "10.9.9.9")),
    );
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(10);
    for (let time = 0; time < 30; time++) await (await tryIt("right@example.com", "10.8.8.8"))();
  });

  it("leave nothing behind an hour later: strangers make a row for every address that they name", async () => {
    for (let time = 0; time < 20; time++) await tryIt(`made-up-${time}@example.com`, "10.7.7.7");
    rooms.clock.advance(3600);
    await tryIt("one@example.com", "10.6.6.6");
    expect(await rooms.db.selectFrom("sign_in_failure").selectAll().execute()).toHaveLength(2);
  });

  it("leave no address readable", async () => {
    const rows = await rooms.db.selectFrom("sign_in_failure").selectAll().execute();
    expect(JSON.stringify(rows)).not.toMatch(/example\.com|her laptop/);
  });
});

describe("the network of an address", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7"],
    ["::ffff:192.0.2.7", "192.0.2.7"],
    ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
    ["2001:DB8:0001:2::9", "2001:db8:1:2"],
    ["2001:db8::1", "2001:db8:0:0"],
    ["::1", "0:0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0"],
  ])("of %s is %s", (ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});
