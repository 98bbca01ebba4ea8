import { describe, expect, it } from "vitest";
import { pathOfSlug, slugOfPath } from "../../../ui/studio/router.ts";
import { takeSignInLink } from "../../../ui/studio/sign-in/sign-in-link.ts";

describe("the sign-in link", () => {
  const take = (hash: string) => {
    const replaced: string[] = [];
    const token = takeSignInLink(
      { hash, pathname: "/w/flow", search: "?a=1" },
      (path) => void replaced.push(path),
    );
    return { token, replaced };
  };

  it("is taken out of the address before anything else happens", () => {
    expect(take("#sign-in=abc-DEF_1")).toEqual({ token: "abc-DEF_1", replaced: ["/w/flow?a=1"] });
  });

  it("leaves other fragments alone, and an empty token is none", () => {
    expect(take("#somewhere")).toEqual({ token: undefined, replaced: [] });
    expect(take("#sign-in=")).toEqual({ token: undefined, replaced: ["/w/flow?a=1"] });
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
});
