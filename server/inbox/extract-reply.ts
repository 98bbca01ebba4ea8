import EmailReplyParser from "email-reply-parser";

/**
 * The most that the library is given. Its expressions are cubic in places, so it sees little, and no long line: a long
 * line is neither a signature nor the head of a quote.
 */
const mostParsed = 1_600;
const longestLine = 120;
const mostKept = 40_000;

/** Placeholders for a long line and for a dollar sign, which the library would read as a pattern of its own. */
const lineMark = "\uE000";
const dollarMark = "\uE001";
const marks = new RegExp(`[${lineMark}${dollarMark}]`, "g");

/**
 * What the author of a message wrote, without quotes, signatures and footers. A code that was found in the message
 * is never taken for one of those: where it would be lost, all of the text is kept.
 */
export function extractReply(text: string, codes: readonly string[] = []): string {
  const all = text.slice(0, mostKept).replace(/\r\n?/g, "\n").replace(marks, "");
  const lines = tidy(all);
  const head = headOf(lines);
  const { visible, ended } = parse(lines.slice(0, head));
  const rest = ended ? [] : lines.slice(head).filter((line) => !line.startsWith(">"));
  const reply = [visible, ...rest].join("\n").trim();
  const isKept = codes.every((code) => !bare(all).includes(bare(code)) || bare(reply).includes(bare(code)));
  return isKept ? reply : all.trim();
}

/** Removes spaces at the ends of lines, and replaces several empty lines by one. */
const tidy = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line, index, lines) => line !== "" || lines[index - 1] !== "");

/** How many lines the library may have. */
function headOf(lines: readonly string[]): number {
  let length = 0;
  const end = lines.findIndex((line) => {
    length += Math.min(line.length, longestLine) + 1;
    return length > mostParsed;
  });
  return end < 0 ? lines.length : end;
}

function parse(lines: readonly string[]): { visible: string; ended: boolean } {
  const short = lines.map((line, index) =>
    line.length > longestLine ? `${lineMark}${index}${lineMark}` : line.replaceAll("$", dollarMark),
  );
  const email = new EmailReplyParser().read(short.join("\n"));
  const last = email.getFragments().at(-1);
  const visible = email
    .getVisibleText()
    .replaceAll(dollarMark, "$")
    .replace(new RegExp(`${lineMark}(\\d+)${lineMark}`, "g"), (_all, index) => lines[Number(index)] ?? "");
  return { visible, ended: last?.isSignature() === true || last?.isQuoted() === true };
}

/** Codes are written with gaps, and stored without. */
const bare = (text: string): string => text.replace(/[\s-]+/g, "").toLowerCase();
