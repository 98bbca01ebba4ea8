const base32Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => base32Alphabet[Number.parseInt(five.padEnd(5, "0"), 2)])
    .join("");
}

/** Every form in which some bytes may appear in text by mistake. */
export function formsOfBytes(bytes: Uint8Array): string[] {
  const buffer = Buffer.from(bytes);
  const [hex, base64, b32] = [buffer.toString("hex"), buffer.toString("base64"), base32(bytes)];
  return [
    hex,
    hex.toUpperCase(),
    base64,
    base64.replace(/=+$/, ""),
    buffer.toString("base64url"),
    encodeURIComponent(base64),
    b32,
    b32.toLowerCase(),
    buffer.toString("latin1"),
    buffer.join(","),
    buffer.join(", "),
  ];
}

/** The same for a secret that is itself text. */
export const formsOfText = (text: string): string[] => [
  text,
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1),
  ...formsOfBytes(Buffer.from(text)),
];
