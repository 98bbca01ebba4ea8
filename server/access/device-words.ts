type Words = readonly (readonly [pattern: RegExp, words: string])[];

/** In this order: Edge says that it is Chrome too, and Chrome that it is Safari. */
const browsers: Words = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\b(OPR|Opera)\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(HeadlessChrome|Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
];
/** Android says that it is Linux too, and an iPhone that it is like a Mac. */
const systems: Words = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

const find = (words: Words, userAgent: string): string | undefined =>
  words.find(([pattern]) => pattern.test(userAgent))?.[1];

/** Browser and system, as a person would name them. A user agent is a wish: what it says proves nothing. */
export function deviceInWords(userAgent: string | null): string {
  const browser = find(browsers, userAgent ?? "");
  const system = find(systems, userAgent ?? "");
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? (system ? `A browser on ${system}` : "An unknown device");
}
