import { PgBoss } from "pg-boss";
import { afterAll, expect, it, onTestFinished } from "vitest";
import { openTestDatabase } from "../../support/open-test-database.ts";

const database = await openTestDatabase();
afterAll(() => database.close());

it("runs pg-boss, woken by a notification rather than by polling", async () => {
  const boss = new PgBoss({ ...database.bossOptions, supervise: false, schedule: false });
  boss.on("error", () => {});
  await boss.start();
  onTestFinished(() => boss.stop({ graceful: false }));
  await boss.createQueue("greetings", { notify: true });
  const worked = new Promise<unknown>((resolve) => {
    void boss
      .work("greetings", { pollingIntervalSeconds: 600 }, async ([job]) => resolve(job?.data))
      .then(() => boss.send("greetings", { hello: "there" }));
  });
  expect(await worked).toEqual({ hello: "there" });
});
