import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeReader } from "../../../plugin/api/identities.ts";
import { agentWorkflow } from "../../support/build-workflow.ts";
import { hostClient, hostKey } from "../../support/host-calls.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe("D1: who can read a code of the studio's agents", () => {
  it("names an agent of another builder that was granted it, and no longer once its workflow is removed", async () => {
    const slug = await server.addWorkflow(agentWorkflow(), "Home");
    const { username } = (await server.call(slug, "create")).body;
    const call = hostClient(server, await hostKey(server, "builder"));
    const reader = (await call("create_agent_user")).body.username;
    const readers = async (): Promise<string[]> => {
      const { identities } = (await server.api("GET", `/workflows/${slug}/identities`)).body;
      return identities[0].readers.map(({ name }: CodeReader) => name);
    };
    expect(await readers()).not.toContain(reader);
    await server.api("POST", `/agent-users/${username}/grants`, { reader });
    expect((await call("get_totp_code", {}, { username })).body).toMatchObject({ success: true, username });
    expect(await readers()).toContain(reader);

    const [workflow] = (await server.api("GET", "/host-workflows")).body.workflows;
    await server.api("DELETE", `/host-workflows/${workflow.id}`);
    expect((await call("get_totp_code", {}, { username })).body.code).toBe("AGENT_USER_DISABLED");
    expect(await readers()).not.toContain(reader);
  });
});
