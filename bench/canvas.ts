/** `npm run bench:canvas`: the cost of the canvas, as ratios to bare React Flow in the same browser and run. */
import { launchBrowser } from "../test/support/browser.ts";
import { buildStudio } from "../test/support/browser-studio.ts";
import { buildPage } from "./canvas/build-page.ts";
import { benchDrag, benchRenders } from "./canvas/drag.ts";
import { benchEvents } from "./canvas/events.ts";
import { benchRings } from "./canvas/rings.ts";

await buildStudio();
const [page, profiled] = [await buildPage({ profiling: false }), await buildPage({ profiling: true })];
const browser = await launchBrowser();
try {
  await benchDrag(browser, page.url, { zoom: 0, words: "all in view", drag: "agent_105" });
  await benchDrag(browser, page.url, { zoom: 1, words: "at zoom 1", drag: "agent_0" });
  await benchRenders(browser, profiled.url);
  await benchEvents(browser);
  await benchRings(browser, page.url);
} finally {
  await browser.close();
  page.close();
  profiled.close();
}
