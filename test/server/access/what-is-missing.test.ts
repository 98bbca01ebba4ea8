import { expect, it } from "vitest";
import { authorize } from "../../../server/access/authorize.ts";
import type { AuthenticatedCaller } from "../../../server/access/caller.ts";

const of = (kind: string) => ({ kind, scopes: new Set() }) as unknown as AuthenticatedCaller;

it("says which scope is missing, and to a person who can change that", () => {
  expect(() => authorize(of("person"), { may: ["people:manage", "lists:read"] }, { isRead: true })).toThrow(
    "Your roles may not do that. It needs one of the scopes people:manage, lists:read. An owner or administrator can change your roles.",
  );
  expect(() => authorize(of("service_key"), { may: ["keys:manage"] }, { isRead: true })).toThrow(
    "This key may not do that. It needs the scope keys:manage.",
  );
});
