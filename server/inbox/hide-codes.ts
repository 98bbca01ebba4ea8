/** Codes are kept in ASCII; what stands in other digits is hidden whatever it is. */
const foreignDigits = /(?![0-9])\p{Nd}[\p{Nd}\s-]{2,}/gu;

/** What means something in an expression; escaping any other sign is an error in one with `u`. */
const syntax = /[\^$.*+?()[\]{}|/]|\\/;

/** Codes as they are written, with gaps too: every character may be followed by a space or a hyphen. */
export const hideCodes = (text: string, codes: readonly string[]): string =>
  codes
    .reduce((shown, code) => {
      const spaced = [...code].map((each) => each.replace(syntax, "\\$&")).join("[\\s-]?");
      return shown.replaceAll(new RegExp(spaced, "giu"), "••••••");
    }, text)
    .replaceAll(foreignDigits, "••••••");
