import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  agentAddress,
  nodeIdPattern,
  parseUsername,
  usernameInAddress,
  usernameOf,
} from "../../plugin/username.ts";

const slug = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$/);
const nodeId = fc.stringMatching(nodeIdPattern);

describe("a username", () => {
  it("is read back as the slug and the node id that it was made of", () => {
    fc.assert(
      fc.property(slug, nodeId, (workflowSlug, agentNodeId) => {
        expect(parseUsername(usernameOf(workflowSlug, agentNodeId))).toEqual({ workflowSlug, agentNodeId });
      }),
    );
  });

  it.each([
    "",
    "agent_",
    "agent_a",
    "agent_a_",
    "agent__a",
    "agent_A_a",
    "agent_a_b c",
    "user_a_b",
    "Agent_a_b",
  ])("is no other text: %j", (text) => {
    expect(parseUsername(text)).toBeUndefined();
  });
});

describe("an agent's address", () => {
  it("names its user, in lower case", () => {
    fc.assert(
      fc.property(slug, nodeId, (workflowSlug, agentNodeId) => {
        const username = usernameOf(workflowSlug, agentNodeId);
        const address = agentAddress(username, "Agents.example") ?? "";
        expect(usernameInAddress(address, "Agents.example")).toBe(username.toLowerCase());
        expect(usernameInAddress(address.replace("@", "+shop@"), "agents.example")).toBe(
          username.toLowerCase(),
        );
        expect(usernameInAddress(username.toLowerCase(), undefined)).toBe(username.toLowerCase());
      }),
    );
  });

  it("is none at another domain, and where the server takes no mail", () => {
    expect(agentAddress("agent_a_b", undefined)).toBeNull();
    expect(usernameInAddress("agent_a_b@agents.example", undefined)).toBeUndefined();
    expect(usernameInAddress("agent_a_b@agents.example", "other.example")).toBeUndefined();
    expect(usernameInAddress("agent_a_b@", undefined)).toBeUndefined();
    expect(usernameInAddress("desk@agents.example", "agents.example")).toBeUndefined();
  });
});
