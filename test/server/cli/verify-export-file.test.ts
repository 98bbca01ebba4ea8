import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const cli = join(import.meta.dirname, "../../../server/cli.ts");
const run = (...args: string[]) =>
  promisify(execFile)(process.execPath, [cli, "audit", "verify", ...args], { env: {} }).then(
    ({ stdout }) => ({ code: 0, stdout }),
    ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
  );

it("G8: totem audit verify --file needs only the file, and names the line that was changed", async () => {
  await server.api("POST", "/keys", { name: "one", scopes: ["codes:read"] });
  const file = join(temporaryFolder(), "export.jsonl");
  writeFileSync(file, (await server.api("GET", "/audit-events/export")).text);
  const key = JSON.parse(readFileSync(file, "utf8").trimEnd().split("\n").at(-1) ?? "").export.key_id;

  const whole = await run("--file", file);
  expect(whole).toMatchObject({ code: 0, stdout: expect.stringContaining(`Signed by the key ${key}`) });
  expect((await run("--file", file, "--key", key)).code).toBe(0);
  expect(await run("--file", file, "--key", "another")).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("Another key"),
  });

  writeFileSync(file, readFileSync(file, "utf8").replace("service_key.created", "service_key.revoked"));
  expect(await run("--file", file)).toMatchObject({
    code: 3,
    stdout: expect.stringMatching(/^NOT WHOLE: line \d+: The row does not have its hash/),
  });
  const report = JSON.parse((await run("--file", file, "--json")).stdout);
  expect(report.fault.line).toBeGreaterThan(0);
  expect((await run("--file", join(temporaryFolder(), "absent"))).code).toBe(1);
});
