import { expect, it } from "vitest";
import { nodeAt, toolEdge } from "../support/build-workflow.ts";
import { startJourney } from "../support/start-journey.ts";

const journey = startJourney();

it("a builder says on the agent node where it may send requests, and the card and “Who can read this?” say it too", async () => {
  const graph = {
    nodes: [
      nodeAt([300, 0], "agent", "agent"),
      nodeAt([0, 220], "create", "create_agent_user"),
      nodeAt([320, 220], "code", "get_totp_code"),
      nodeAt([640, 220], "http", "http_request"),
    ],
    edges: [toolEdge("create"), toolEdge("code"), toolEdge("http")],
  };
  const slug = await journey.server.addWorkflow(graph, "Reaches");
  await journey.server.call(slug, "create");
  const { studio, page, complaints, context } = await journey.open(`/w/${slug}`);
  const agent = studio.node("agent");
  await agent.click({ position: { x: 30, y: 10 } });
  const field = page.getByRole("textbox", { name: "May send requests to" });
  await field.fill("https://api.github.com/path");
  const settings = page.getByRole("complementary", { name: "Settings" });
  await settings.getByText("Line 1: write an origin").waitFor();
  await field.fill("https://api.github.com GET, POST 60/minute");
  const sentence = "May send requests to https://api.github.com (GET, POST; at most 60 a minute) only.";
  await agent.getByText(sentence).waitFor();
  expect(await studio.seriousAxeProblems()).toEqual([]);
  await expect
    .poll(async () => {
      const { nodes } = (await journey.server.api("GET", `/workflows/${slug}`)).body;
      return nodes.find(({ id }: { id: string }) => id === "agent").data.config.may_reach;
    })
    .toBe("https://api.github.com GET, POST 60/minute");
  await studio.askWhoCanRead();
  const readers = page.locator('[data-part="readers"]');
  await readers.getByText("Where they may send it").waitFor();
  expect(await readers.locator('[data-reach="agent"]').textContent()).toContain(sentence);
  expect(await studio.seriousAxeProblems()).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});
