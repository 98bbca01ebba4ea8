import { readMessage } from "../server/inbox/reading/read-message.ts";
import { medianTime, report } from "./measure.ts";

/** The longest time that reading one message may take, in milliseconds, also if its author tries to make it slow. */
const goalMs = 50;
const megabyte = 1_000_000;
const times = 9;

const filled = (unit: string, length = megabyte): string =>
  unit.repeat(Math.ceil(length / unit.length)).slice(0, length);

const eachOwn = (unit: (index: number) => string): string => {
  let text = "";
  for (let index = 0; text.length < megabyte; index++) text += unit(index);
  return text.slice(0, megabyte);
};

const messages: Record<string, { text?: string; html?: string }> = {
  "100,000 digits": { text: filled("7", 100_000) },
  "1 MB of digits with spaces": { text: filled("123 456 ") },
  "1 MB of 'code is 1234'": { text: filled("your code is 1234. ") },
  "1 MB of letters": { text: filled("a") },
  "1 MB of styles of their own": {
    html: eachOwn((n) => `<i style="color:rgb(${n % 256},9,9);width:${n}px">1`),
  },
  "1 MB of end tags": { html: `${"<div>".repeat(300)}${filled("</b>")}` },
  "1 MB of nested HTML": { html: filled("<div><b>") },
  "1 MB of links": { html: filled('<a href="https://a.example/x?t=1">1</a>') },
};

/** The floor is one pass of the old recipe. */
export async function benchReading(): Promise<void> {
  for (const [name, message] of Object.entries(messages)) {
    const text = message.text ?? message.html ?? "";
    const reading = await medianTime(async () => readMessage(message), times);
    const floor = await medianTime(async () => text.match(/\b\d{6}\b/g), times);
    const value = `${reading.toFixed(1)} ms, one pass of \\b\\d{6}\\b ${floor.toFixed(1)} ms`;
    report(`Reading ${name}`, value, `${goalMs} ms or less`, reading <= goalMs);
  }
}
