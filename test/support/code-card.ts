import type { Locator } from "playwright-core";
import { middleOf, type StudioPage } from "./studio-page.ts";

/** A card that shows a code with its ring: its content, and how a person holds it. */
export class CodeCard {
  readonly card: Locator;
  readonly row: Locator;
  readonly hold: Locator;
  readonly digits: Locator;
  readonly copy: Locator;
  readonly #studio: StudioPage;

  constructor(studio: StudioPage, nodeId: string) {
    this.#studio = studio;
    this.card = studio.node(nodeId);
    this.row = this.card.locator(".totem-code");
    this.hold = this.card.locator(".totem-code__hold");
    this.digits = this.card.locator(".totem-code__digits");
    this.copy = this.card.locator(".totem-code__copy");
  }

  async shownCode(): Promise<string> {
    return ((await this.digits.textContent()) ?? "").replace(/\D/g, "");
  }

  /** Holds it down with the mouse. */
  async press(): Promise<void> {
    const { mouse } = this.#studio.page;
    const { x, y } = await middleOf(this.hold);
    await mouse.move(x, y);
    await mouse.down();
  }

  /** Every request for a code from now on. */
  asked(): readonly string[] {
    return this.#studio.requestsFromNow((request) => new URL(request.url()).pathname.endsWith("/code"));
  }
}
