import { PluginError } from "../../plugin/plugin-error.ts";

const leastLength = 12;
const mostLength = 1_000;
/** What must be left of a password without the words that a guesser tries first. */
const leastOfItsOwn = 6;

/** One password is one text, however a keyboard composed it: NFKC, as NIST SP 800-63B section 3.1.1.2 says. */
export const normalizedPassword = (password: string): string => password.normalize("NFKC");

interface Owner {
  readonly name: string;
  readonly email: string | null;
}

/** Throws where a new password is too short, too long or easy to guess. The answer never repeats it. */
export async function requireGoodPassword(password: string, owner: Owner): Promise<void> {
  // Code points: what a person counts, and not what a computer stores.
  const length = [...password].length;
  if (length < leastLength) throw refused(`Use at least ${leastLength} characters.`);
  if (length > mostLength) throw refused(`Use at most ${mostLength} characters.`);
  const lower = password.toLowerCase();
  if (isSequence(lower)) throw refused("Do not use a row of letters or digits, or one part again and again.");
  if (ownWords(owner).some((word) => leftWithout(lower, word) < leastOfItsOwn))
    throw refused("Do not use your own name or address, or the name of this program.");
  if (await isCommon(lower)) throw refused("This is one of the most used passwords. Choose another.");
}

const refused = (problem: string) =>
  new PluginError("INPUT_INVALID", {
    message: `Not valid: password. ${problem}`,
    fields: [{ field: "password", problem }],
  });

/** "aaaaaaaaaaaa", "abcabcabcabc", "123456789012", "zyxwvutsrqpo". */
function isSequence(text: string): boolean {
  const repeated = /^(.{1,4}?)\1+.{0,3}$/su.exec(text);
  if (repeated) return true;
  const codes = [...text].map((sign) => sign.codePointAt(0) ?? 0);
  const steps = codes.slice(1).map((code, at) => code - (codes[at] ?? 0));
  // From 9 to 0 a row of digits goes on.
  return [1, -1].every((step) => !steps.every((one) => one === step || one === -9 * step)) === false;
}

const ownWords = ({ name, email }: Owner): string[] => {
  const [local = ""] = (email ?? "").split("@");
  const words = [
    email ?? "",
    local,
    ...local.split(/[._+-]/),
    name,
    name.replaceAll(" ", ""),
    ...name.split(" "),
  ];
  return [...words, "totem"].map((word) => word.toLowerCase()).filter((word) => [...word].length >= 4);
};

const leftWithout = (text: string, word: string): number => [...text.replaceAll(word, "")].length;

/** Loaded when a first password is set: 49,000 words are of no use before. */
let common: Promise<ReadonlySet<string>> | undefined;
const commonPasswords = () =>
  (common ??= import("@zxcvbn-ts/language-common").then(
    ({ dictionary }) => new Set(dictionary["passwords-common"]),
  ));

/** A common password, also with a few digits and signs in it ("Password1234!") or twice in a row. */
async function isCommon(text: string): Promise<boolean> {
  const known = await commonPasswords();
  const half = text.slice(0, text.length / 2);
  const cores = [text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ""), text.replace(/[^\p{L}\p{N}]+/gu, "")].filter(
    (core) => text.length - core.length <= leastOfItsOwn,
  );
  return (
    [text, ...cores, ...cores.map(plainLetters)].some((one) => known.has(one)) ||
    (half + half === text && known.has(half))
  );
}

/** "p4$$w0rd" is "password". */
const plainLetters = (text: string): string => text.replace(/[014578@$!]/g, (sign) => letters[sign] ?? sign);
const letters: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "4": "a",
  "5": "s",
  "7": "t",
  "8": "b",
  "@": "a",
  $: "s",
  "!": "i",
};
