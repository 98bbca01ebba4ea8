import type { Locator, Page, Request, Response } from "playwright-core";
import { axeProblems } from "./axe-problems.ts";

export interface XY {
  readonly x: number;
  readonly y: number;
}

export interface Picture {
  readonly nodes: readonly string[];
  readonly edges: readonly string[];
  readonly diamonds: readonly string[];
}

/** The studio, or a host with our nodes, as a person uses it: what they see, and what they do by mouse and by keys. */
export class StudioPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The folded part of the sign-in page. On a server without people it is open. */
  async openOtherWays(): Promise<void> {
    const title = this.page.getByText("Other ways");
    await title.waitFor();
    if (!(await this.page.getByLabel("Administrator key").isVisible())) await title.click();
  }

  /** Signs in on the sign-in page, by the administrator's key. */
  async signInWithKey(key: string): Promise<void> {
    await this.openOtherWays();
    await this.page.getByLabel("Administrator key").fill(key);
    await this.page.getByRole("button", { name: "Sign in with the key" }).click();
  }

  async openYouMenu(): Promise<void> {
    await this.page.getByRole("button", { name: /^(You:|What shall we call you)/ }).click();
  }

  async signOut(): Promise<void> {
    await this.openYouMenu();
    await this.page.getByRole("button", { name: "Sign out", exact: true }).click();
  }

  /** At its next request a page hears that its session has ended. The bell may have asked before: then a dialog lies over the link. */
  async hearOfItsEnd(): Promise<void> {
    await this.page.getByRole("link", { name: "Inbox" }).dispatchEvent("click");
    await this.page.getByRole("heading", { name: "You are signed out" }).waitFor();
  }

  node(id: string): Locator {
    return this.page.locator(`.react-flow__node[data-id="${id}"]`);
  }

  edge(id: string): Locator {
    return this.page.locator(`.react-flow__edge[data-id="${id}"]`);
  }

  edges(): Locator {
    return this.page.locator(".react-flow__edge .totem-edge");
  }

  card(type: string): Locator {
    return this.page.locator(`.react-flow__node .totem-card[data-node-type="${type}"]`);
  }

  nodeOfType(type: string): Locator {
    const card = this.page.locator(`.totem-card[data-node-type="${type}"]`);
    return this.page.locator(".react-flow__node", { has: card });
  }

  nodeId(type: string): Promise<string | null> {
    return this.nodeOfType(type).getAttribute("data-id");
  }

  /** A handle as tests know it: node type, kind and direction. */
  handle(type: string, kind: "tool" | "llm" | "flow", direction: "source" | "target"): Locator {
    return this.card(type).locator(`[data-handle-kind="${kind}"].${direction}`);
  }

  /** A handle by its saved ids. */
  handleAt(nodeId: string, handleId: string): Locator {
    return this.page.locator(`.react-flow__handle[data-nodeid="${nodeId}"][data-handleid="${handleId}"]`);
  }

  /** The cards that “Who can read this?” does not dim. */
  undimmedNodes(): Promise<(string | undefined)[]> {
    return this.page
      .locator(".react-flow__node:not(:has(.totem-card[data-dimmed]))")
      .evaluateAll((nodes) => nodes.map((each) => (each as HTMLElement).dataset.id).sort());
  }

  /** Drags a card from the palette with the mouse; `position` is counted from the canvas's corner. */
  async dragFromPalette(type: string, position: XY): Promise<void> {
    const { mouse } = this.page;
    const palette = this.paletteCard(type);
    await palette.scrollIntoViewIfNeeded();
    const from = await middleOf(palette);
    const canvas = await this.page.getByTestId("canvas").boundingBox();
    if (!canvas) throw new Error("There is no canvas.");
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 12, from.y + 6, { steps: 3 });
    await mouse.move(canvas.x + position.x, canvas.y + position.y, { steps: 8 });
    await mouse.up();
    await this.card(type).last().waitFor();
  }

  async addByKey(type: string): Promise<void> {
    await this.paletteCard(type).press("Enter");
    await this.card(type).waitFor();
  }

  private paletteCard(type: string): Locator {
    return this.page.locator(`.totem-palette__card[data-node-type="${type}"]`);
  }

  /** Draws a wire with the mouse. `onTheWay` runs before the button is released. */
  async wire(from: Locator, to: Locator, onTheWay?: () => Promise<void>): Promise<void> {
    const { mouse } = this.page;
    const [start, end] = [await middleOf(from), await middleOf(to)];
    await mouse.move(start.x, start.y);
    await mouse.down();
    await mouse.move((start.x + end.x) / 2, (start.y + end.y) / 2, { steps: 5 });
    await mouse.move(end.x, end.y, { steps: 5 });
    await onTheWay?.();
    await mouse.up();
  }

  settings(): Locator {
    return this.page.getByRole("complementary", { name: "Settings" });
  }

  /** Opens the settings of a node by the keys: a change of the window's size moves the canvas below its panels. */
  async choose(type: string): Promise<void> {
    await this.nodeOfType(type).focus();
    await this.page.keyboard.press("Enter");
    await this.page.getByRole("button", { name: "Close settings" }).waitFor();
  }

  closeSettings(): Promise<void> {
    return this.page.getByRole("button", { name: "Close settings" }).click();
  }

  async chooseInWorkflowMenu(item: string): Promise<void> {
    await this.page.getByRole("button", { name: /^Workflow:/ }).click();
    await this.page.getByRole("button", { name: item }).click();
    await this.page.getByRole("dialog").waitFor();
  }

  toast(): Locator {
    return this.page.locator('[data-part="toast"]');
  }

  /** The mark that says that everything is saved. */
  savedMark(): Locator {
    return this.page.locator('[data-save="saved"]');
  }

  async sendMessage(text: string): Promise<void> {
    await this.page.getByLabel("Message").fill(text);
    await this.page.getByLabel("Message").press("Enter");
  }

  conversation(): Locator {
    return this.page.getByRole("log", { name: "Conversation" });
  }

  runStatus(status: string): Locator {
    return this.page.locator(`[data-testid="run-status"][data-status="${status}"]`);
  }

  openRuns(): Promise<void> {
    return this.page.getByRole("tab", { name: "Runs" }).click();
  }

  pastRuns(): Locator {
    return this.page.getByTitle("Look back at this run");
  }

  stepCard(): Locator {
    return this.page.getByTestId("step-card");
  }

  stepSlider(): Locator {
    return this.page.getByRole("slider", { name: "Step" });
  }

  proveTheChain(): Promise<void> {
    return this.page.getByRole("button", { name: "Prove the chain" }).click();
  }

  proof(): Locator {
    return this.page.getByTestId("proof");
  }

  askWhoCanRead(): Promise<void> {
    return this.page.getByRole("button", { name: "Who can read this?" }).click();
  }

  readers(): Locator {
    return this.page.getByRole("region", { name: "Who can read this?" });
  }

  /** The path in the address bar. */
  path(): string {
    return new URL(this.page.url()).pathname;
  }

  focusedText(): Promise<string | null | undefined> {
    return this.page.evaluate(() => document.activeElement?.textContent);
  }

  focusedAttribute(name: string): Promise<string | null | undefined> {
    return this.page.evaluate((name) => document.activeElement?.getAttribute(name), name);
  }

  clipboard(): Promise<string> {
    return this.page.evaluate(() => navigator.clipboard.readText());
  }

  /** The width of the document. If it is more than the window's, a person must scroll sideways. */
  scrollWidth(): Promise<number> {
    return this.page.evaluate(() => document.documentElement.scrollWidth);
  }

  /** The addresses of the requests that match, from now on: the list grows as they are sent. */
  requestsFromNow(matches: (request: Request) => boolean): readonly string[] {
    const urls: string[] = [];
    this.page.on("request", (request) => {
      if (matches(request)) urls.push(request.url());
    });
    return urls;
  }

  /** Everything that the server sends to this page from now on. Tests search it for what it must not contain. */
  answersFromNow(matches: (response: Response) => boolean = () => true): () => Promise<string> {
    const texts: string[] = [];
    const ending: Promise<void>[] = [];
    this.page.on("response", (response) => {
      if (!matches(response)) return;
      const read = response.text().then(
        (text) => void texts.push(text),
        () => {},
      );
      // A stream of events does not end while the page is open.
      if (!response.headers()["content-type"]?.includes("event-stream")) ending.push(read);
    });
    return async () => {
      await Promise.all(ending);
      return texts.join("\n");
    };
  }

  /** What a person sees of a workflow, in words that can be compared: positions, states, and how diamonds are drawn. */
  picture(): Promise<Picture> {
    return this.page.evaluate(pictureNow);
  }

  /** The rules of WCAG that the page breaks badly, in light or in dark, each with the elements that break it. */
  seriousAxeProblems(): Promise<string[]> {
    return axeProblems(this.page);
  }
}

/** The middle of an element on the page, for the mouse. */
export async function middleOf(locator: Locator): Promise<XY> {
  const box = await locator.boundingBox();
  if (!box) throw new Error("This is not on the page.");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Runs in the page. */
function pictureNow(): Picture {
  const all = (selector: string) => [...document.querySelectorAll<HTMLElement>(selector)];
  return {
    nodes: all(".react-flow__node").map((node) => {
      const card = node.querySelector<HTMLElement>(".totem-card");
      return `${node.dataset.id} ${node.style.transform} ${card?.dataset.nodeType} ${card?.dataset.status}`;
    }),
    edges: all(".react-flow__edge").map((edge) => {
      const line = edge.querySelector<HTMLElement>(".totem-edge");
      return `${edge.dataset.id} ${line?.dataset.edgeKind} ${line?.dataset.status}`;
    }),
    diamonds: all(".totem-handle--diamond").map((handle) => {
      const shape = getComputedStyle(handle, "::before");
      const { nodeid, handleid, handlepos } = handle.dataset;
      return `${nodeid} ${handleid} ${handlepos} ${shape.transform} ${shape.backgroundColor}`;
    }),
  };
}
