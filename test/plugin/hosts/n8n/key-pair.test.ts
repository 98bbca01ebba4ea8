import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { keyPairOfN8n } from "../../../../plugin/hosts/n8n/nodes/key-pair-of-n8n.ts";
import { runTool } from "../../../../plugin/hosts/n8n/nodes/run-tool.ts";
import { hostKey } from "../../../support/host-calls.ts";
import { n8nContext } from "../../../support/n8n-context.ts";
import { findKeyPair } from "../../../support/signed-client.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

/** An n8n on another machine: with a folder of its own. */
const onMachine = (folder: string) => vi.stubEnv("N8N_USER_FOLDER", folder);
beforeEach(() => void onMachine(temporaryFolder()));
const fileIn = (folder: string) => join(folder, ".n8n/totem-key-pair.pem");

const hints: string[] = [];
async function whoami(apiKey: string, instance: string) {
  hints.length = 0;
  const context = n8nContext({
    wired: { "AI Agent": "agent-1" },
    credential: { url: server.url, apiKey },
    instance,
    hints,
  });
  const [items = []] = await runTool(context, "create_agent_user");
  return items[0]?.json ?? {};
}
async function confirm(fingerprint: string) {
  const { id } = await findKeyPair(server, fingerprint);
  await server.api("POST", `/host-key-pairs/${id}/confirm`, { fingerprint });
  return id;
}

describe("the key pair of an n8n", () => {
  it("H10: is created at the first call, for its owner's eyes only, and stays", async () => {
    const folder = temporaryFolder();
    onMachine(folder);
    await whoami(await hostKey(server, "first"), "first");
    expect(readdirSync(join(folder, ".n8n"))).toEqual(["totem-key-pair.pem"]);
    expect(statSync(fileIn(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, ".n8n")).mode & 0o777).toBe(0o700);
    const stored = readFileSync(fileIn(folder), "utf8");
    await whoami(await hostKey(server, "second"), "second");
    expect(readFileSync(fileIn(folder), "utf8")).toBe(stored);
    expect((await findKeyPair(server, keyPairOfN8n().fingerprint)).state).toBe("pending");
  });

  it("H10: enrols itself, says what to compare until a person has confirmed it, and signs from then on", async () => {
    const key = await hostKey(server, "telling");
    expect((await whoami(key, "telling")).success).toBe(true);
    const { fingerprint } = keyPairOfN8n();
    expect(hints).toEqual([
      `A person must confirm this machine in Totem, under Hosts. Its fingerprint is ${fingerprint}.`,
    ]);
    await confirm(fingerprint);
    expect((await whoami(key, "telling")).success).toBe(true);
    expect(hints).toEqual([]);
    const unsigned = await server.as(key)("GET", "/host-workflows");
    expect(unsigned.body.code).toBe("SIGNATURE_REFUSED");
  });

  it("H10: stops the node while a key that must sign waits for a person", async () => {
    const { key } = (
      await server.api("POST", "/keys", { name: "strict", scopes: ["hosts:call"], signed: true })
    ).body;
    const { fingerprint } = keyPairOfN8n();
    await expect(whoami(key, "strict")).rejects.toMatchObject({
      name: "NodeOperationError",
      message: "Totem does not know this n8n yet",
      description: `A person must confirm this machine in Totem, under Hosts. Its fingerprint is ${fingerprint}.`,
    });
    await confirm(fingerprint);
    expect((await whoami(key, "strict")).success).toBe(true);
  });

  it("H10: makes a copied credential worth nothing on another machine, and a lost one is confirmed again", async () => {
    const key = await hostKey(server, "copied");
    await whoami(key, "copied");
    const id = await confirm(keyPairOfN8n().fingerprint);
    const { username } = await whoami(key, "copied");

    onMachine(temporaryFolder());
    const { fingerprint } = keyPairOfN8n();
    await expect(whoami(key, "copied")).rejects.toMatchObject({
      description: expect.stringContaining(fingerprint),
    });
    // To the person it is a lost key pair: they remove the old one and confirm the new one.
    await server.api("DELETE", `/host-key-pairs/${id}`);
    await expect(whoami(key, "copied")).rejects.toThrow("Totem does not know this n8n yet");
    await confirm(fingerprint);
    expect((await whoami(key, "copied")).username).toBe(username);
  });

  it("goes on unsigned where its folder cannot be written, and says why when Totem asks for a signature", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, ".n8n"), "no folder");
    onMachine(folder);
    const key = await hostKey(server, "read only", { host: "n8n", host_instance: "read-only" });
    expect((await whoami(key, "read-only")).success).toBe(true);
    const { installations } = (await server.api("GET", "/host-installations")).body;
    const { id } = installations.find((one: { host_instance: string }) => one.host_instance === "read-only");
    await server.api("PATCH", `/host-installations/${id}`, { requires_signature: true });
    await expect(whoami(key, "read-only")).rejects.toMatchObject({
      description: expect.stringMatching(/totem-key-pair\.pem|ENOTDIR|EEXIST/),
    });
  });

  it("is the same for workers that share the folder and start at the same moment", async () => {
    const folder = temporaryFolder();
    const { openKeyPair } = await import("../../../../plugin/hosts/key-pair/key-pair.ts");
    const { Worker } = await import("node:worker_threads");
    const source = `import { openKeyPair } from ${JSON.stringify(
      new URL("../../../../plugin/hosts/key-pair/key-pair.ts", import.meta.url).href,
    )};
      import { parentPort, workerData } from "node:worker_threads";
      parentPort.postMessage(openKeyPair(workerData).fingerprint);`;
    const prints = await Promise.all(
      Array.from(
        { length: 6 },
        () =>
          new Promise<string>((resolve, reject) => {
            const url = new URL(`data:text/javascript,${encodeURIComponent(source)}`);
            const worker = new Worker(url, { workerData: fileIn(folder) });
            worker.once("message", resolve).once("error", reject);
          }),
      ),
    );
    expect(new Set(prints)).toEqual(new Set([openKeyPair(fileIn(folder)).fingerprint]));
    expect(readdirSync(join(folder, ".n8n"))).toEqual(["totem-key-pair.pem"]);
  });

  it("that cannot be read is named by its file, and nothing of it is repeated", async () => {
    const folder = temporaryFolder();
    onMachine(folder);
    keyPairOfN8n();
    const file = fileIn(folder);
    writeFileSync(file, "-----BEGIN PRIVATE KEY-----\nSECRET\n");
    const { openKeyPair } = await import("../../../../plugin/hosts/key-pair/key-pair.ts");
    expect(() => openKeyPair(file)).toThrow(`The key pair in ${file} cannot be read. Remove the file`);
    rmSync(file);
    openKeyPair(file);
    expect(existsSync(file)).toBe(true);
  });
});
