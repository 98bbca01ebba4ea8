import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { tryKeyPair } from "../../../../plugin/hosts/flowise/key-pair-of-flowise.ts";
import { hostKey } from "../../../support/host-calls.ts";
import { findKeyPair } from "../../../support/signed-client.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { agentData, agentflow, optionsWith, toolNode } from "./flowise-stand-in.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const onMachine = (folder: string) => vi.stubEnv("SECRETKEY_PATH", folder);
async function create(key: string) {
  const tool = await toolNode("create_agent_user", server.url, key).init(
    agentData(0),
    optionsWith([agentflow("Signed flow")]),
  );
  return JSON.parse(await tool.call({}));
}
function printed(): string {
  const pair = tryKeyPair();
  if (typeof pair === "string") throw new Error(pair);
  return pair.fingerprint;
}
async function confirm(fingerprint: string): Promise<string> {
  const { id } = await findKeyPair(server, fingerprint);
  await server.api("POST", `/host-key-pairs/${id}/confirm`, { fingerprint });
  return id;
}

describe("the key pair of a Flowise", () => {
  it("H10: enrols itself, is confirmed once, and a copied credential is worth nothing on another machine", async () => {
    const folder = temporaryFolder();
    onMachine(folder);
    const log = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    const key = await hostKey(server, "our Flowise");
    const { username } = await create(key);
    await create(key);
    const words = `Totem: A person must confirm this machine in Totem, under Hosts. Its fingerprint is ${printed()}.\n`;
    expect(log.mock.calls.filter(([text]) => text === words)).toHaveLength(1);
    log.mockRestore();
    expect(readdirSync(folder)).toEqual(["totem-key-pair.pem"]);
    expect(statSync(join(folder, "totem-key-pair.pem")).mode & 0o777).toBe(0o600);
    const id = await confirm(printed());
    expect((await create(key)).username).toBe(username);

    // The same credential in another folder: refused, until a person takes the lost key pair's place away.
    onMachine(temporaryFolder());
    await expect(create(key)).rejects.toThrow(
      `Totem does not know this Flowise yet. A person must confirm this machine in Totem, under Hosts. Its fingerprint is ${printed()}.`,
    );
    await server.api("DELETE", `/host-key-pairs/${id}`);
    await expect(create(key)).rejects.toThrow("does not know this Flowise yet");
    await confirm(printed());
    expect((await create(key)).username).toBe(username);
  });
});
