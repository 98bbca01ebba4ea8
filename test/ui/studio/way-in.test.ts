import { describe, expect, it } from "vitest";
import { pageOfPath, pathOfSlug, settingsPageOfPath, slugOfPath } from "../../../ui/studio/router.ts";
import { takeArrival } from "../../../ui/studio/sign-in/sign-in-link.ts";

describe("what an address brings", () => {
  const take = (hash: string) => {
    const replaced: string[] = [];
    const arrival = takeArrival(
      { hash, pathname: "/w/flow", search: "?a=1" },
      (path) => void replaced.push(path),
    );
    return { arrival, replaced };
  };

  it("is taken out of the address before anything else happens", () => {
    for (const kind of ["sign-in", "invitation", "single-sign-on", "sign-in-error"])
      expect(take(`#${kind}=abc-DEF_1`)).toEqual({
        arrival: { kind, value: "abc-DEF_1" },
        replaced: ["/w/flow?a=1"],
      });
  });

  it("leaves other fragments alone, and an empty token is none", () => {
    expect(take("#somewhere")).toEqual({ arrival: undefined, replaced: [] });
    expect(take("#sign-in=")).toEqual({ arrival: undefined, replaced: ["/w/flow?a=1"] });
  });
});

describe("addresses", () => {
  it("name a workflow by its slug and anything else by nothing", () => {
    expect(slugOfPath("/w/my-flow")).toBe("my-flow");
    expect(slugOfPath("/w/my-flow/")).toBe("my-flow");
    expect(slugOfPath("/")).toBeUndefined();
    expect(slugOfPath("/w/a/b")).toBeUndefined();
    expect(slugOfPath(pathOfSlug("größe"))).toBe("größe");
  });

  it("name a page of the settings, and no page below another", () => {
    expect(pageOfPath("/settings/sign-in")).toBe("settings");
    expect(pageOfPath("/settings")).toBe("settings");
    expect(pageOfPath("/vault/sign-in")).toBeUndefined();
    expect(settingsPageOfPath("/settings/sign-in/")).toBe("sign-in");
    expect(settingsPageOfPath("/settings")).toBeUndefined();
  });
});
