import type { ProofHop, ProofStep } from "../../../plugin/api/identities.ts";

export const hopNames: Readonly<Record<ProofHop, string>> = {
  create: "Create the account",
  code: "Read a code",
  verify: "Be verified",
};

const passed: Readonly<Record<ProofHop, (left: string) => string>> = {
  create: () => "The account is there.",
  code: (left) => `A code was read${left}.`,
  verify: (left) => `The code was accepted${left}.`,
};

/** What is known of one hop. The code itself is never part of it: the page is not sent it. */
export function hopInWords(hop: ProofHop, step: ProofStep | undefined): string {
  switch (step?.state) {
    case undefined:
      return "Not tried yet.";
    case "running":
      return "Trying…";
    case "waiting":
      return "Waiting for a fresh code.";
    case "passed":
      return passed[hop](step.seconds_left === undefined ? "" : ` with ${step.seconds_left} s left`);
    case "failed":
      return step.error?.message ?? "Failed.";
  }
}
