import { expect, it } from "vitest";
import { nodeAt, toolEdge } from "../support/build-workflow.ts";
import { desk, look } from "../support/look-at-view.ts";
import { startJourney } from "../support/start-journey.ts";
import { withoutRandom } from "../support/without-random.ts";

const journey = startJourney();

it("the settings of HTTP Request say which secrets its agent can name, where they are sent, and no value", async () => {
  const graph = {
    nodes: [
      nodeAt([300, 0], "agent", "agent"),
      nodeAt([0, 220], "create", "create_agent_user"),
      nodeAt([320, 220], "http", "http_request"),
      nodeAt([640, 220], "alone", "http_request"),
    ],
    edges: [toolEdge("create"), toolEdge("http")],
  };
  const slug = await journey.server.addWorkflow(graph, "Names");
  const { studio, page, complaints, context } = await journey.open(`/w/${slug}`, { viewport: desk });
  const settings = studio.settings();
  await studio.node("alone").click({ position: { x: 30, y: 10 } });
  await settings.getByText("Wire it to an agent to see which names").waitFor();
  await studio.node("http").click({ position: { x: 30, y: 10 } });
  await settings.getByText("agent_names_agent has no account yet").waitFor();

  await journey.server.call(slug, "create");
  for (const [name, rights] of [
    ["api.github.com", ["data", "codes"]],
    ["codes only", ["codes"]],
    ["for another", []],
  ] as const) {
    const { body } = await journey.server.api("POST", "/vault/entries", {
      name,
      data: { token: "ghp_canary_4711", nested: { no: "text" } },
      one_time: { secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP" },
      origins: name === "codes only" ? [] : ["https://api.github.com"],
    });
    if (rights.length > 0)
      await journey.server.api("PUT", `/vault/entries/${body.id}/grants`, {
        grantee: { kind: "agent_user", name: "agent_names_agent" },
        rights,
      });
  }
  await page.reload();
  await studio.node("http").click({ position: { x: 30, y: 10 } });
  const list = settings.getByRole("list", { name: "Secrets that agent_names_agent can name" });
  await list.getByText("{{vault.'api.github.com'.token}}").waitFor();
  expect(await list.getByRole("listitem").allInnerTexts()).toEqual([
    expect.stringMatching(
      /^\{\{vault\.'api\.github\.com'\.token\}\}\s+\{\{vault\.'api\.github\.com'\.code\}\}\s+Sent to https:\/\/api\.github\.com\.$/,
    ),
    expect.stringMatching(
      /^\{\{vault\.codes only\.code\}\}\s+Sent nowhere yet: add an origin to the entry\.$/,
    ),
  ]);
  await look(studio, "names in http request");
  expect(withoutRandom(await page.content())).not.toContain("ghp_canary_4711");
  expect(complaints).toEqual([]);
  await context.close();
});
