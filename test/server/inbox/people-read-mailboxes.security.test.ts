import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AddedPerson, addPerson } from "../../support/add-person.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";
import { withoutRandom } from "../../support/without-random.ts";

let server: TestServer;
let operator: AddedPerson;
let builder: AddedPerson;
let auditor: AddedPerson;
let desk: string;
let message: string;

const push = async (address: string, content: string): Promise<string> =>
  (
    await server.send(
      "POST",
      "/v1/credentials/totp",
      { totp_identifier: address, content },
      {
        "x-api-key": server.adminKey,
      },
    )
  ).body.totp_code_id;
const mailboxes = async (person: AddedPerson): Promise<string[]> =>
  (await person.send("GET", "/inbox/mailboxes")).body.mailboxes.map(
    (one: { address: string }) => one.address,
  );
const messages = async (person: AddedPerson): Promise<string[]> =>
  (await person.send("GET", "/inbox/messages")).body.messages.map((one: { id: string }) => one.id);
const share = (change: object) => operator.send("PATCH", `/inbox/mailboxes/${desk}`, change);

beforeAll(async () => {
  server = await startTestServer();
  await addPerson(server, { roles: ["owner"], name: "Ada" });
  operator = await addPerson(server, { roles: ["operator"], name: "Olga" });
  builder = await addPerson(server, { roles: ["builder"], name: "Bea" });
  auditor = await addPerson(server, { roles: ["auditor"], name: "Abe" });
  desk = (await operator.send("POST", "/inbox/mailboxes", { address: "desk@b.example" })).body.id;
  await operator.send("POST", "/inbox/mailboxes", { address: "other@b.example" });
  message = await push("desk@b.example", "Your code is 481516");
  await push("other@b.example", "Your code is 234200");
});
afterAll(() => server.stop());

describe("D12: who reads a mailbox", () => {
  it("is every operator, and an auditor sees lists without a code and opens nothing", async () => {
    expect(await mailboxes(operator)).toEqual(["desk@b.example", "other@b.example"]);
    expect((await operator.send("GET", `/inbox/messages/${message}`)).status).toBe(200);
    expect(await mailboxes(auditor)).toEqual(["desk@b.example", "other@b.example"]);
    const list = await auditor.send("GET", "/inbox/messages");
    expect(list.body.messages).toHaveLength(2);
    expect(withoutRandom(list.text)).not.toMatch(/481516|234200/);
    expect((await auditor.send("GET", `/inbox/messages/${message}`)).body.code).toBe(
      "INBOX_MESSAGE_NOT_FOUND",
    );
  });

  it("is a person whom the mailbox names, and everyone with a role that it names, until it is taken back", async () => {
    const wait = () =>
      builder.send("POST", "/inbox/wait", {
        address: "desk@b.example",
        look_back_seconds: 600,
        timeout_seconds: 0,
      });
    expect([await mailboxes(builder), await messages(builder)]).toEqual([[], []]);
    expect((await wait()).body.code).toBe("INBOX_ADDRESS_NOT_FOUND");
    for (const change of [{ people: [builder.id] }, { people: [], roles: ["builder"] }]) {
      expect((await share(change)).status).toBe(200);
      expect(await mailboxes(builder)).toEqual(["desk@b.example"]);
      expect(await messages(builder)).toEqual([message]);
      expect((await builder.send("GET", `/inbox/messages/${message}`)).status).toBe(200);
      expect((await builder.send("DELETE", `/inbox/messages/${message}`)).body.code).toBe("FORBIDDEN");
    }
    expect((await wait()).body).toMatchObject({ code: "481516" });
    await share({ roles: [] });
    expect([await mailboxes(builder), await messages(builder)]).toEqual([[], []]);
    expect((await wait()).body.code).toBe("INBOX_ADDRESS_NOT_FOUND");
  });

  it("is said by name, with role and reason", async () => {
    await share({ people: [builder.id], roles: ["auditor"] });
    const { mailboxes: all, people } = (await operator.send("GET", "/inbox/mailboxes")).body;
    expect(all[0]).toMatchObject({
      people: [{ id: builder.id, name: "Bea", roles: ["builder"] }],
      roles: ["auditor"],
    });
    expect(people).toEqual([
      expect.objectContaining({ name: "Ada", roles: ["owner"], because: "Owners read every mailbox." }),
      expect.objectContaining({
        name: "Olga",
        roles: ["operator"],
        because: "Operators read every mailbox.",
      }),
    ]);
    expect((await share({ people: ["3d3e2f0a-0000-4000-8000-000000000001"] })).body).toMatchObject({
      code: "INPUT_INVALID",
      errors: [{ field: "people" }],
    });
  });
});
