import { globSync, readFileSync } from "node:fs";

const chapters: Readonly<Record<string, string>> = {
  A: "Codes are right",
  B: "Secrets are created well",
  C: "Codes are verified well",
  D: "Each caller acts only as itself",
  E: "Secrets stay secret",
  F: "Delivered codes reach the right caller",
  G: "The API, the audit log and the logs reveal nothing that they should not",
  H: "A person is one person, a session stays with its page, and what cannot be undone is asked twice",
};

interface Promised {
  readonly id: string;
  readonly title: string;
  readonly file: string;
}

/** The title of a test for a safety promise begins with the number of the promise. `docs/promises.md` lists these tests. */
export function promisesPage(): string {
  const all = globSync("test/**/*.test.ts").sort().flatMap(promisesIn);
  const sections = Object.entries(chapters).map(([letter, title]) => {
    const rows = all.filter((one) => one.id.startsWith(letter)).sort(byNumber);
    return `## ${letter}. ${title}\n\n| | What a test shows | Where |\n|---|---|---|\n${rows.map(row).join("\n")}\n`;
  });
  return `# Promises about safety\n\nEvery line is the title of a test, read from the tests by \`npm run manifest\`.\n\n${sections.join("\n")}`;
}

function promisesIn(path: string): Promised[] {
  const file = path.replaceAll("\\", "/");
  const titles = readFileSync(path, "utf8").matchAll(
    /\b(?:it|describe)\b[^"`]{0,80}?\(\s*"((?:[A-H]\d+(?:, )?)+): ([^"]+)"/g,
  );
  return [...titles].flatMap(([, ids = "", title = ""]) =>
    ids.split(", ").map((id) => ({ id, title, file })),
  );
}

const byNumber = (left: Promised, right: Promised): number =>
  Number(left.id.slice(1)) - Number(right.id.slice(1)) || left.file.localeCompare(right.file);

const row = ({ id, title, file }: Promised): string =>
  `| ${id} | ${title.replaceAll("|", "\\|")} | [${file.split("/").at(-1)}](../${file}) |`;
