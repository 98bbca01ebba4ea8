import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../plugin/catalogue.ts";
import { nodeCards } from "../../plugin/node-cards.ts";
import { AddPartProvider, AnswerWaitProvider } from "../../ui/canvas/card-actions.tsx";
import { CardStatesProvider, createCardStates, type PartWait } from "../../ui/canvas/card-states.tsx";
import { type CodeSource, CodeSourceProvider } from "../../ui/canvas/code/code-source.tsx";
import { createNodeTypes } from "../../ui/create-node-types.tsx";
import type { FlowHandleProps } from "../../ui/flow-library.ts";
import * as reactflow from "../../ui/reactflow.ts";
import * as xyflow from "../../ui/xyflow.ts";

/** The clock of what waits. */
const now = Date.parse("2026-01-01T12:00:00Z");

/** Stands for either flow library: shows what it was given. */
const Handle = ({ position, isConnectable, ...props }: FlowHandleProps<string>) => (
  <i data-position={position} data-connectable={isConnectable} {...props} />
);
const Position = { Top: "top", Right: "right", Bottom: "bottom", Left: "left" };
const store = {
  getState: () => ({ transform: [0, 0, 1] as const, domNode: null }),
  subscribe: () => () => {},
};
const nodeTypes = createNodeTypes({
  Handle,
  Position,
  getBezierPath: () => ["", 0, 0],
  useStoreApi: () => store,
});

const draw = (type: string, data: unknown = { config: {} }, states = createCardStates()) => {
  const Card = nodeTypes[type];
  if (!Card) throw new Error(`${type} has no card.`);
  return renderToStaticMarkup(
    <CardStatesProvider states={states}>
      <Card id="n1" data={data} />
    </CardStatesProvider>,
  );
};

describe("cards", () => {
  it.each(catalogue.map((contract) => [contract.type, contract] as const))(
    "draws %s with every handle of its contract",
    (type, contract) => {
      const html = draw(type);
      expect(html).toContain(`data-node-type="${type}"`);
      expect(html).toContain(contract.palette.label);
      for (const { id, side, shape, edgeLabel } of contract.handles) {
        const handle = html.match(new RegExp(`<i [^>]*id="${id}"[^>]*>`))?.[0] ?? "";
        expect(handle).toContain(`data-position="${side}"`);
        expect(handle).toContain(`totem-handle--${shape}`);
        expect(handle).toContain(`data-handle-kind="${edgeLabel || "flow"}"`);
        expect(handle).toMatch(/aria-label="[^"]{4,}"/);
      }
    },
  );

  it("puts the handles of one side beside each other", () => {
    const html = draw("agent");
    expect(html).toMatch(/id="model"[^>]*style="left:25%"/);
    expect(html).toMatch(/id="tools"[^>]*style="left:75%"/);
  });

  it("shows the name given on the canvas before the palette's, and never as markup", () => {
    expect(draw("agent", { label: "<b>Researcher</b>", config: {} })).toContain(
      "&lt;b&gt;Researcher&lt;/b&gt;",
    );
    expect(draw("agent", "not data at all")).toContain("Agent");
  });

  it("says in words that a model is scripted, until a provider is chosen", () => {
    const notice = "Scripted — plays written steps, not a language model";
    expect(draw("ai_model")).toContain(notice);
    expect(draw("ai_model", { config: { provider: "openai", model: "gpt-x" } })).not.toContain(notice);
  });

  it("shows a run's state as an attribute and as a word", () => {
    const states = createCardStates();
    states.setStatuses({ nodes: new Map([["n1", "failed"]]), edges: new Map() });
    const html = draw("get_totp_code", undefined, states);
    expect(html).toContain('data-status="failed"');
    expect(html).toContain("Failed");
  });

  it("counts down for the eye what a tool waits for", () => {
    const states = createCardStates(() => now);
    const wait = { until: new Date(now + 21_500).toISOString(), reason: "fresh_code" };
    states.setStatuses({
      nodes: new Map([["n1", "running"]]),
      edges: new Map(),
      waits: new Map([["n1", wait]]),
    });
    expect(draw("get_totp_code", undefined, states)).toContain(
      'Waiting for a fresh code<span aria-hidden="true">, 22 s</span>',
    );
  });

  it("offers a person's help with a wait where the host has a way to give it", () => {
    const states = createCardStates(() => now);
    const show = (more: Partial<PartWait>, helped = true) => {
      const until = new Date(now + 60_000).toISOString();
      const wait = { until, reason: "delivered_code", waitId: "w1", ...more };
      states.setStatuses({ nodes: new Map(), edges: new Map(), waits: new Map([["n1", wait]]) });
      const Card = nodeTypes.get_totp_code;
      if (!Card) throw new Error("There is no card.");
      const card = (
        <CardStatesProvider states={states}>
          <Card id="n1" data={{}} />
        </CardStatesProvider>
      );
      return renderToStaticMarkup(
        helped ? <AnswerWaitProvider onHelp={() => {}}>{card}</AnswerWaitProvider> : card,
      );
    };
    expect(show({})).toContain("Waiting for a message");
    expect(show({})).toContain("Give the code by hand");
    expect(show({}, false)).not.toContain("Give the code by hand");
    expect(show({ arrived: { kind: "ambiguous", from: "" } })).toContain("Pick the code");
    expect(show({ arrived: { kind: "code", from: "github.com" } })).toContain(
      "A code arrived from github.com",
    );
    expect(show({ arrived: { kind: "code", from: "github.com" } })).not.toContain("<button");
    expect(show({ since: new Date(now).toISOString() })).toContain("totem-wait__ring");
  });

  it("says what is wrong with a node to those who cannot see its mark", () => {
    const states = createCardStates();
    states.setProblems(new Map([["n1", "Connect this tool to an agent."]]));
    expect(draw("get_totp_code", undefined, states)).toContain("tool. Connect this tool to an agent.");
  });
});

describe("below an agent", () => {
  const add = (states = createCardStates(), isConnectable = true, type = "agent") => {
    const Card = nodeTypes[type];
    if (!Card) throw new Error(`${type} has no card.`);
    return renderToStaticMarkup(
      <CardStatesProvider states={states}>
        <AddPartProvider onAddPart={() => {}}>
          <Card id="n1" data={{ label: "Clerk", config: {} }} isConnectable={isConnectable} />
        </AddPartProvider>
      </CardStatesProvider>,
    );
  };
  const buttons = (html: string) =>
    [...html.matchAll(/<button[^>]*aria-label="([^"]+)"/g)].map((found) => found[1]);

  it("offers one more part at every diamond, by a button that says what it adds and where", () => {
    expect(buttons(add())).toEqual(["Add a model to Clerk", "Add a tool to Clerk"]);
    expect(add()).toMatch(/<button type="button" class="totem-plus nodrag nopan/);
  });

  it("offers nothing at a handle that is full, on a canvas that cannot be wired, or where the host adds nothing", () => {
    const states = createCardStates();
    states.setEdges([{ target: "n1", targetHandle: "model" }]);
    expect(buttons(add(states))).toEqual(["Add a tool to Clerk"]);
    states.setEdges([{ target: "n1", label: "llm" }]);
    expect(buttons(add(states))).toEqual(["Add a tool to Clerk"]);
    states.setEdges([{ target: "another", targetHandle: "model" }]);
    expect(buttons(add(states))).toHaveLength(2);
    expect(buttons(add(createCardStates(), false))).toEqual([]);
    expect(buttons(add(createCardStates(), true, "get_totp_code"))).toEqual([]);
    expect(buttons(draw("agent"))).toEqual([]);
  });

  it("marks a required part for the eye and says so to a screen reader", () => {
    const html = draw("agent");
    expect(html).toMatch(/aria-hidden="true">Model<span[^>]*> \*<\/span>/);
    expect(html).toContain('aria-label="Model: takes a model, required"');
    expect(html).toMatch(/aria-hidden="true">Tools<\/span>/);
  });
});

describe("a sticky note", () => {
  it("shows its text as it was written, in one of four colours", () => {
    const html = draw("sticky_note", { config: { text: "First <b>\nsecond", color: "blue" } });
    expect(html).toContain("First &lt;b&gt;\nsecond");
    expect(html).toContain('data-color="blue"');
    expect(draw("sticky_note", { config: { color: "mauve", text: 7 } })).toMatch(
      /data-color="yellow".*Write something/,
    );
  });

  it("has no state in a run and nothing wrong with it, whatever the canvas was told", () => {
    const states = createCardStates();
    states.setStatuses({ nodes: new Map([["n1", "waiting"]]), edges: new Map() });
    states.setProblems(new Map([["n1", "Wrong."]]));
    const html = draw("sticky_note", undefined, states);
    expect(html).not.toContain("totem-badge");
    expect(html).not.toContain("data-status");
    expect(html).not.toContain("Wrong.");
  });
});

describe("a card that shows a code", () => {
  const drawWith = (source: CodeSource | undefined, type = "get_totp_code") => {
    const Card = nodeTypes[type];
    if (!Card) throw new Error(`${type} has no card.`);
    const card = <Card id="n1" data={{ config: {} }} />;
    return renderToStaticMarkup(
      source ? <CodeSourceProvider source={source}>{card}</CodeSourceProvider> : card,
    );
  };
  const sourceOf = (parts: Partial<CodeSource>): CodeSource => ({
    subscribe: () => () => {},
    windowOf: () => undefined,
    read: () => Promise.reject(new Error("Nobody asked.")),
    ...parts,
  });
  const live = sourceOf({ windowOf: () => ({ period: 30, offsetMs: 0, username: "agent_a_b" }) });

  it("has a ring and dots where there is a code, as its contract says", () => {
    const html = drawWith(live);
    expect(html).toContain('data-code="live"');
    expect(html).toContain("••• •••");
    expect(html).toContain("Hold to show the code of agent_a_b");
    expect(html).toContain('aria-label="Copy the code of agent_a_b"');
    for (const { type, shows } of nodeCards)
      expect([type, drawWith(live, type).includes("totem-ring")]).toEqual([
        type,
        shows === "code" || shows === "vault_code",
      ]);
  });

  it("has as many dots as its code has digits", () => {
    const eight = sourceOf({ windowOf: () => ({ period: 90, offsetMs: 0, username: "bank", digits: 8 }) });
    expect(drawWith(eight, "vault_totp")).toContain("•••• ••••");
  });

  it("says why there is none, with nothing to press", () => {
    const html = drawWith(sourceOf({ whyNot: () => "No account yet." }));
    expect(html).toContain('data-code="none" title="No account yet."');
    expect(html).not.toContain("<button");
  });

  it("is a plain card in a host that shows no codes", () => {
    expect(drawWith(undefined)).not.toContain("totem-code");
  });
});

it("gives hosts of both generations the same names", () => {
  expect(Object.keys(reactflow).sort()).toEqual(Object.keys(xyflow).sort());
  expect(Object.keys(xyflow.nodeTypes)).toEqual(catalogue.map(({ type }) => type));
  expect(Object.keys(reactflow.nodeTypes)).toEqual(Object.keys(xyflow.nodeTypes));
});
