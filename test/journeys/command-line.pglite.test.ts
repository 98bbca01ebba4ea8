import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";

const cli = join(import.meta.dirname, "../../server/cli.ts");

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** Runs `totem` with nothing but these settings. */
function totem(args: string[], settings: Record<string, string> = {}) {
  const child = spawn(process.execPath, ["--liftoff-only", cli, ...args], {
    env: { PATH: process.env.PATH, TOTEM_PORT: "0", ...settings },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [out, errors] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    errors += text;
  });
  const ended = once(child, "close").then(([code]): Ended => ({ code, out, errors }));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", () => out.includes("Administrator's key") && resolve(out));
    ended.then(({ errors: text }) => reject(new Error(`It ended: ${text}`)));
  });
  ready.catch(() => {});
  return { ended, ready, stop: () => child.kill("SIGTERM") };
}

describe("the command line", () => {
  it("finds the codes in messages, one JSON line each, and explains how", async () => {
    const run = (args: string[], input: string) => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ["--liftoff-only", cli, "inbox", ...args],
        {
          input,
          encoding: "utf8",
        },
      );
      return { status, stdout, stderr };
    };
    const found = run(["extract", "--jsonl"], '{"id":"a","text":"Your Example code is 482 917."}\n');
    expect([found.status, found.stderr]).toEqual([0, ""]);
    expect(JSON.parse(found.stdout)).toMatchObject({ id: "a", kind: "code", value: "482917" });
    expect(run(["extract", "--jsonl"], "nothing\n")).toMatchObject({ status: 1, stdout: "" });
    expect(run(["extract"], "").status).toBe(2);
    expect(run(["--help"], "").stdout).toContain("totem inbox extract --jsonl");
  });

  it("explains itself and every setting", async () => {
    const { code, out } = await totem(["--help"]).ended;
    expect(code).toBe(0);
    for (const word of [
      "start",
      "worker",
      "prove",
      "TOTEM_HOST",
      "TOTEM_PORT",
      "TOTEM_DATA",
      "DATABASE_URL",
      "TOTEM_ADMIN_KEY",
      "TOTEM_MASTER_KEY",
    ]) {
      expect(out).toContain(word);
    }
    expect(await totem(["start", "--help"]).ended).toMatchObject({ code: 0 });
  });

  it("refuses what it does not know, in one line", async () => {
    expect(await totem(["dance"]).ended).toMatchObject({
      code: 2,
      errors: "totem: there is no such command. See totem --help.\n",
    });
    const wrong = await totem(["start"], { TOTEM_PORT: "many" }).ended;
    expect(wrong.code).toBe(1);
    expect(wrong.errors).toMatch(/^totem: Correct these settings\. TOTEM_PORT: .*\(SETTING_INVALID\)\n$/);
    expect(await totem(["worker"]).ended).toMatchObject({
      code: 1,
      errors: expect.stringContaining("set DATABASE_URL"),
    });
  });

  it("proves the chain hop by hop", async () => {
    const { code, out } = await totem(["prove"]).ended;
    expect(out.match(/^ok {3}/gm)).toHaveLength(8);
    expect(out).toContain("The chain holds.");
    expect(code).toBe(0);
  });

  it("H15: starts with nothing set, keeps its keys and the link to their owner, and is alone on its folder", async () => {
    const folder = temporaryFolder();
    const first = totem(["start"], { TOTEM_DATA: folder });
    const out = await first.ready;
    const [, url] = /ready at (\S+)/.exec(out) ?? [];
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    for (const file of ["master.key", "admin.key", "sign-in.link"])
      expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    const authorization = `Bearer ${readFileSync(join(folder, "admin.key"), "utf8").trim()}`;
    const started = await fetch(`${url}/api/v1/workflows`, { headers: { authorization } });
    expect(await started.json()).toMatchObject({ workflows: [{ slug: "prove-who-you-are" }] });

    // Its output is no terminal: others may read it later.
    expect(out).toContain(`in: ${join(folder, "sign-in.link")}`);
    expect(out).not.toMatch(/#sign-in|totem_link/);
    const link = readFileSync(join(folder, "sign-in.link"), "utf8").trim();
    expect(link).toMatch(/^http:\/\/localhost:\d+\/#sign-in=totem_link_/);
    const signedIn = await fetch(`${url}/api/v1/auth/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-totem-proof": "p".repeat(43) },
      body: JSON.stringify({ link: link.split("#sign-in=")[1] }),
    });
    expect(signedIn.status).toBe(204);
    expect(existsSync(join(folder, "sign-in.link"))).toBe(false);

    const second = await totem(["start"], { TOTEM_DATA: folder }).ended;
    expect(second.code).toBe(1);
    expect(second.errors).toContain("(DATA_FOLDER_IN_USE)");
    const { port } = new URL(url ?? "");
    const neighbour = await totem(["start"], { TOTEM_DATA: temporaryFolder(), TOTEM_PORT: port }).ended;
    expect(neighbour).toMatchObject({
      code: 1,
      errors: "totem: TOTEM_PORT: another program is using this port. Choose another. (SETTING_INVALID)\n",
    });
    first.stop();
    expect((await first.ended).code).toBe(0);

    const wrongKey = await totem(["start"], { TOTEM_DATA: folder, TOTEM_MASTER_KEY: "x".repeat(40) }).ended;
    expect(wrongKey.code).toBe(1);
    expect(wrongKey.errors).toContain("(MASTER_KEY_WRONG)");
    expect(existsSync(join(folder, "database"))).toBe(true);
  });

  it("H15: shows the link in a terminal, and writes no file then", async () => {
    const folder = temporaryFolder();
    const asTerminal = "--import=data:text/javascript,process.stdout.isTTY=true";
    const out = await totem(["start"], { TOTEM_DATA: folder, NODE_OPTIONS: asTerminal }).ready;
    expect(out).toMatch(/Open the studio \(works once, for an hour\): http:\S+#sign-in=totem_link_/);
    expect(existsSync(join(folder, "sign-in.link"))).toBe(false);
  });
});
