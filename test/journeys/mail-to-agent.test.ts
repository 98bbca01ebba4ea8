import { createTransport } from "nodemailer";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWaiting, waitingWorkflow } from "../support/deliver.ts";
import { startTestServer, type TestServer } from "../support/start-test-server.ts";

let server: TestServer;
let slug: string;
beforeAll(async () => {
  server = await startTestServer({
    settings: { TOTEM_SMTP_PORT: "0", TOTEM_MAIL_DOMAIN: "agents.example" },
  });
  slug = await server.addWorkflow(waitingWorkflow(), "Sign up");
  await server.call(slug, "create");
});
afterAll(() => server.stop());

const send = async (to: string, mail: object) => {
  const transport = createTransport({ host: "127.0.0.1", port: server.smtpPort, secure: false });
  try {
    return await transport.sendMail({ from: "GitHub <noreply@github.com>", to, ...mail });
  } finally {
    transport.close();
  }
};
const until = (check: () => Promise<void>) => expect.poll(check, { timeout: 10_000 }).toBeUndefined();
const messages = async (query = "") => (await server.api("GET", `/inbox/messages${query}`)).body.messages;

describe("mail to an agent", () => {
  it("has an address that the agent is told, on the canvas and over HTTP", async () => {
    const email = "agent_sign-up_agent@agents.example";
    expect((await server.call(slug, "whoami")).body).toMatchObject({ email });
    const { api_key } = (await server.call(slug, "create")).body;
    const whoami = await server.send("GET", "/v0/whoami", undefined, { authorization: `Bearer ${api_key}` });
    expect(whoami.body).toMatchObject({ email });
  });

  it("ends as the code its run waits for", async () => {
    const id = await startWaiting(server, slug, until);
    await send("Agent_Sign-Up_Agent@agents.example", {
      subject: "Your GitHub code",
      text: "Your GitHub sign-in code is 482913. It expires in 10 minutes.",
    });
    await expect
      .poll(async () => (await server.api("GET", `/runs/${id}`)).body.status, { timeout: 10_000 })
      .toBe("succeeded");
    expect((await messages())[0]).toMatchObject({
      address: "agent_sign-up_agent@agents.example",
      agent: "agent_sign-up_agent",
      channel: "email",
      sender_host: "github.com",
      kind: "code",
      authentication: { by: "here" },
      taken: { run_id: id },
    });
  });

  it("keeps apart what was sent to one address and what to another of the same agent", async () => {
    const wait = (address: string) =>
      server.api("POST", "/inbox/wait", { address, look_back_seconds: 60, timeout_seconds: 0 });
    await send("agent_sign-up_agent+shop@agents.example", { text: "Your sign-in code is 482920" });
    expect((await wait("agent_sign-up_agent+bank@agents.example")).body.code).toBe("CODE_NOT_RECEIVED");
    expect((await wait("agent_sign-up_agent+shop@agents.example")).body.code).toBe("482920");
  });

  it("is refused where there is no such agent, and kept nowhere", async () => {
    const before = (await messages("?limit=200")).length;
    await expect(send("nobody@agents.example", { text: "Your code is 1234" })).rejects.toThrow(/550/);
    await expect(
      send("agent_sign-up_agent@elsewhere.example", { text: "Your code is 1234" }),
    ).rejects.toThrow(/550/);
    expect(await messages("?limit=200")).toHaveLength(before);
  });

  it("is refused from a sender the mailbox does not take", async () => {
    const { mailboxes } = (await server.api("GET", "/inbox/mailboxes")).body;
    await server.api("PATCH", `/inbox/mailboxes/${mailboxes[0].id}`, { block: ["github.com"] });
    await expect(send("agent_sign-up_agent@agents.example", { text: "Your code is 1234" })).rejects.toThrow(
      /55\d/,
    );
  });
});
