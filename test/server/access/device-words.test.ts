import { expect, it } from "vitest";
import { deviceInWords } from "../../../server/access/device-words.ts";

const chrome = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/153.0.0.0 Safari/537.36";

it.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${chrome}`, "Chrome on Linux"],
  [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Edg/153.0`, "Edge on Windows"],
  [
    `Mozilla/5.0 (Linux; Android 15; Pixel 9) ${chrome.replace(" Safari", " Mobile Safari")}`,
    "Chrome on Android",
  ],
  ["Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
  [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15",
    "Safari on macOS",
  ],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
    "Safari on iPhone",
  ],
  ["SomethingElse/1.0 (Windows)", "A browser on Windows"],
  ["curl/8.9.1", "An unknown device"],
  ["", "An unknown device"],
  [null, "An unknown device"],
] as const)("says of %s: %s", (userAgent, words) => {
  expect(deviceInWords(userAgent)).toBe(words);
});
