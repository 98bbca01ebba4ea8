/**
 * One form for what people see as the same: digits of any script become ASCII digits, full-width letters
 * become plain ones, every hyphen is "-", every space is " ", and characters without a shape are gone.
 * All offsets in a reading count in the text this returns.
 */

/** The zero of each script's decimal digits; the other nine follow it (Unicode general category Nd). */
const zeros = [
  0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6,
  0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0,
  0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xaa50, 0xabf0, 0xff10,
];

const plain = new Map<number, string>();
for (const zero of zeros) for (let digit = 0; digit < 10; digit++) plain.set(zero + digit, String(digit));
for (let i = 0; i < 26; i++) {
  plain.set(0xff21 + i, String.fromCharCode(0x41 + i));
  plain.set(0xff41 + i, String.fromCharCode(0x61 + i));
}
// The full-width comma stays: "验证码１２３４５６，５分钟" must not turn into a decimal number.
for (const [from, to] of Object.entries({
  "＃": "#",
  "＠": "@",
  "：": ":",
  "．": ".",
  "／": "/",
  "＋": "+",
  "＊": "*",
  "％": "%",
  "＝": "=",
}))
  plain.set(from.charCodeAt(0), to);
for (const hyphen of [0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xfe58, 0xfe63, 0xff0d])
  plain.set(hyphen, "-");
for (const space of [0x00a0, 0x1680, 0x2007, 0x2008, 0x2009, 0x200a, 0x202f, 0x205f, 0x3000, 0x09])
  plain.set(space, " ");
for (let space = 0x2000; space <= 0x2006; space++) plain.set(space, " ");
for (const line of [0x0b, 0x0c, 0x85, 0x2028, 0x2029]) plain.set(line, "\n");
const unseen = [0x00ad, 0x034f, 0x061c, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x180e, 0x3164, 0xfeff, 0xffa0];
for (const code of unseen) plain.set(code, "");
for (const [first, last] of [
  [0x00, 0x08],
  [0x0e, 0x1f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0xfe00, 0xfe0f],
] as const)
  for (let code = first; code <= last; code++) plain.set(code, "");

/** Bold and other mathematical digits and letters, used to make text look styled. */
const styled = /[\u{1d400}-\u{1d7ff}]/gu;

export function normalise(text: string): string {
  const composed = text
    .replace(/\r\n?/g, "\n")
    .replace(styled, (c) => c.normalize("NFKC"))
    .normalize("NFC");
  let out = "";
  let kept = 0;
  for (let i = 0; i < composed.length; i++) {
    const replacement = plain.get(composed.charCodeAt(i));
    if (replacement === undefined) continue;
    out += composed.slice(kept, i) + replacement;
    kept = i + 1;
  }
  return out + composed.slice(kept);
}
