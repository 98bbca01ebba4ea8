import { expect, it } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { askModel } from "../../../server/model/ask-model.ts";
import { createResolveModel } from "../../../server/workflow/resolve-model.ts";
import { createModelKeys } from "../../../server/workflow/workflows.ts";
import { chatAnswer, fetchStandIns, startModelServer } from "../model/model-stand-in.ts";
import { addWorkspace, node, openTestWorkspace, testCaller } from "./run-setup.ts";

const { database, db, keys, workspaceId } = await openTestWorkspace();
const store = createModelKeys({ db, clock: systemClock, keys });
const resolve = createResolveModel({ db, keys, fetchModel: fetchStandIns });
const key = "sk-a-key-nobody-may-see";
const add = (name: string, baseUrl?: string) =>
  store.add(testCaller(workspaceId), { name, provider: "openai-compatible", key, baseUrl });

const modelNode = (config: Record<string, unknown>) =>
  node("model", "ai_model", { provider: "openai-compatible", model: "m", ...config });

it("sends a stored key to its own address, whatever address the canvas names", async () => {
  const own = await startModelServer(() => chatAnswer({ text: "Hi." }));
  const other = await startModelServer(() => chatAnswer({ text: "Gotcha." }));
  await add("mine", own.url);
  const opened = await resolve(workspaceId, modelNode({ model_key: "mine", base_url: other.url }));
  const signal = new AbortController().signal;
  await askModel({ opened, instructions: "", messages: [{ role: "user", content: "?" }], tools: [], signal });
  expect(own.seen[0]?.headers.authorization).toBe(`Bearer ${key}`);
  expect(other.seen).toEqual([]);
});

it("never gives a key to another provider than its own", async () => {
  await add("compatible", "http://127.0.0.1:9/v1");
  const asked = resolve(
    workspaceId,
    node("model", "ai_model", { provider: "openai", model: "m", model_key: "compatible" }),
  );
  await expect(asked).rejects.toMatchObject({ code: "MODEL_KEY_NOT_FOUND" });
});

it("finds no key of another workspace, and none that was removed", async () => {
  const other = await addWorkspace(database);
  await add("passing", "http://127.0.0.1:9/v1");
  const config = modelNode({ model_key: "passing" });
  const fromThere = createResolveModel({ db, keys: other.keys, fetchModel: fetchStandIns })(
    other.workspaceId,
    config,
  );
  await expect(fromThere).rejects.toMatchObject({ code: "MODEL_KEY_NOT_FOUND" });
  await store.remove(testCaller(workspaceId), "passing");
  await expect(resolve(workspaceId, config)).rejects.toMatchObject({ code: "MODEL_KEY_NOT_FOUND" });
  await expect(store.remove(testCaller(workspaceId), "passing")).rejects.toMatchObject({
    code: "KEY_NOT_FOUND",
  });
});

it("stores a key sealed and lists everything but the key", async () => {
  await add("listed", "http://127.0.0.1:9/v1");
  const listed = (await store.list(workspaceId)).find(({ name }) => name === "listed");
  expect(listed).toEqual({
    name: "listed",
    provider: "openai-compatible",
    base_url: "http://127.0.0.1:9/v1",
    created_at: expect.any(String),
    created_by: "totem_admin",
  });
  const rows = await db.selectFrom("model_key").selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(key);
});

it("refuses a second key of one name, and a key that would have nowhere to go", async () => {
  await add("twice", "http://127.0.0.1:9/v1");
  await expect(add("twice", "http://127.0.0.1:9/v1")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  await expect(add("nowhere")).rejects.toMatchObject({
    code: "INPUT_INVALID",
    fields: [{ field: "base_url" }],
  });
});

it("writes down who added and who removed a key", async () => {
  await add("audited", "http://127.0.0.1:9/v1");
  await store.remove(testCaller(workspaceId), "audited");
  const rows = await db
    .selectFrom("audit_event")
    .select("action")
    .where("subject_id", "=", "audited")
    .execute();
  expect(rows.map(({ action }) => action)).toEqual(["model_key.added", "model_key.removed"]);
});
